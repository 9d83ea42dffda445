#include "engine/simulation/build/build_entities.hpp"

#include <algorithm>
#include <cmath>
#include <map>

#include "engine/simulation/behaviour/behaviour_fields.hpp"
#include "engine/simulation/build/given_preferences.hpp"
#include "engine/simulation/build/tastes.hpp"

namespace entente::simulation {

using scenario::Entry;
using scenario::Faults;
using scenario::Scenario;

namespace {

DemandKind demand_kind(const std::string& text) {
  if (text == "durable") return DemandKind::durable;
  return text == "subscription" ? DemandKind::subscription : DemandKind::allocation;
}

PricingKind pricing_kind(const std::string& text) {
  if (text == "posted") return PricingKind::posted;
  if (text == "bargained") return PricingKind::bargained;
  return text == "contract" ? PricingKind::contract : PricingKind::given;
}

ProductPricing product_pricing(const std::string& text) {
  if (text == "market") return ProductPricing::market;
  return text == "at_cost" ? ProductPricing::at_cost : ProductPricing::fixed;
}

FadingGrowth fading(const scenario::Record& record, const std::string& key) {
  return {record.number(key), record.number(key + "_fade")};
}

void add_markets(const Scenario& scenario, Economy& economy) {
  for (const Entry& entry : scenario.all("market")) {
    Market market;
    market.id = entry.id;
    market.name = entry.text("name");
    market.model = entry.text("model");
    market.demand = demand_kind(entry.text("demand"));
    market.pricing = pricing_kind(entry.text("pricing"));
    market.share_of = entry.text("share_of");
    market.unit = entry.text("unit");
    market.units_per_quantity = entry.number("units_per_quantity");
    market.usd_per_currency = entry.number("usd_per_currency");
    market.usd_bn_per_currency_unit = market.units_per_quantity *
                                      entry.number("payments_per_quarter") *
                                      market.usd_per_currency * 1e-9;
    market.growth = fading(entry, "growth");
    market.turnover = market.demand == DemandKind::allocation ? 1.0 : entry.number("turnover");
    market.network = entry.number("network");
    market.network_of_consumers = entry.text("network_of") == "consumers";
    market.given_preferences = entry.text("preferences") == "given";
    if (market.given_preferences) market.potential = entry.number_or("consumers", 0.0);
    market.shock_persistence = entry.number("shock_persistence");
    market.reprice_share = entry.number("reprice_share");
    market.supplier_elasticity = entry.number("supplier_elasticity");
    market.access_ramp = static_cast<int>(entry.integer("access_ramp"));
    market.link_nest = entry.number("link_nest");
    market.life = entry.number("life");
    market.outside_share = entry.number("outside_share");
    market.price_term =
        entry.text("price_term") == "log" ? market::PriceTerm::log : market::PriceTerm::linear;
    economy.markets.push_back(std::move(market));
  }
}

Product make_product(const Entry& entry, const Economy& economy, scenario::QuarterDate start) {
  Product product;
  product.id = entry.id;
  product.name = entry.text("name").empty() ? entry.id : entry.text("name");
  product.market = *economy.find_market(entry.text("market"));
  product.firm = *economy.find_firm(entry.text("firm"));
  product.pricing = product_pricing(entry.text("pricing"));
  product.fringe = static_cast<double>(entry.integer("fringe"));
  product.price = entry.number("price");
  product.unit_cost = entry.number_or("unit_cost", 0.0);
  product.other_revenue = entry.number("other_revenue");
  product.capacity = entry.number_or("capacity", product.capacity);
  product.capacity_growth = fading(entry, "capacity_growth");
  product.capacity_response = entry.number("capacity_response");
  product.build_lag = static_cast<int>(entry.integer("build_lag"));
  product.entry_cost = entry.number("entry_cost");
  product.expected_growth = entry.number("expected_growth");
  product.quality_drift = fading(entry, "quality_drift");
  product.complement_value = entry.number("complement_value");
  product.entry_share = entry.number_or("entry_share", 0.0);
  if (product.entry_share > 0.0) {
    product.entry_quarter = entry.has("entry") ? entry.quarter("entry") - start : Product::never;
  }
  return product;
}

/// Hosts of a product that is sold on other sellers' networks.
void read_wholesale(const Entry& entry, Economy& economy, Faults& faults) {
  Product& product = economy.products[static_cast<std::size_t>(*economy.find_product(entry.id))];
  product.wholesale_rate = entry.number("wholesale_rate");
  double total = 0.0;
  for (const scenario::Record& record : entry.records("wholesale")) {
    const Index host = *economy.find_product(record.text("host"));
    if (economy.products[static_cast<std::size_t>(host)].market != product.market) {
      faults.push_back(record.fault("host", "the host is not sold in the product's market"));
    }
    total += record.number("share");
    product.wholesale.push_back({host, record.number("share") / 100.0});
  }
  const bool paid = product.wholesale_rate > 0.0;
  if (paid == product.wholesale.empty() || (paid && std::abs(total - 100.0) > 1e-6)) {
    faults.push_back(entry.fault("wholesale_rate", "a wholesale rate goes to hosts",
                                 "a rate above 0 and hosts whose shares sum to 100, or neither"));
  }
}

void add_products(const Scenario& scenario, Economy& economy, Faults& faults) {
  for (std::size_t m = 0; m < economy.markets.size(); ++m) {
    Market& market = economy.markets[m];
    market.first = static_cast<Index>(economy.products.size());
    for (const Entry& entry : scenario.all("product")) {
      if (entry.text("market") != market.id) continue;
      economy.products.push_back(make_product(entry, economy, economy.start));
      const Product& product = economy.products.back();
      const bool priced =
          market.pricing == PricingKind::posted || market.pricing == PricingKind::bargained;
      if (priced && product.price <= 0.0) {
        faults.push_back(entry.fault("price", "a posted or bargained price must be above 0"));
      }
      if (entry.has("entry") && !entry.has("entry_share")) {
        faults.push_back(entry.fault("entry", "a product that enters needs an entry_share"));
      }
      if (product.entry_cost > 0.0 && product.entry_share <= 0.0) {
        faults.push_back(entry.fault("entry_cost", "a product that enters needs an entry_share"));
      }
      if (product.entry_share > 0.0 && product.entry_quarter <= 0) {
        faults.push_back(entry.fault("entry", "an entrant must enter after quarter 0",
                                     "a quarter after " + to_text(economy.start)));
      }
      if (product.entry_share > 0.0 && market.demand != DemandKind::allocation) {
        faults.push_back(
            entry.fault("entry_share", "entrants are known in allocation markets only"));
      }
    }
    market.last = static_cast<Index>(economy.products.size());
    if (market.first == market.last) {
      faults.push_back(
          scenario.find("market", market.id)->fault("model", "the market has no product"));
    }
  }
  for (std::size_t p = 0; p < economy.products.size(); ++p) {
    const auto firm = static_cast<std::size_t>(economy.products[p].firm);
    economy.firms[firm].products.push_back(static_cast<Index>(p));
  }
  for (const Entry& entry : scenario.all("product"))
    read_wholesale(entry, economy, faults);
  for (const Entry& entry : scenario.all("product")) {
    if (!entry.has("complement")) continue;
    economy.products[static_cast<std::size_t>(*economy.find_product(entry.id))].complement =
        *economy.find_product(entry.text("complement"));
  }
}

void add_accounts(const Scenario& scenario, Economy& economy, Faults& faults) {
  for (std::size_t m = 0; m < economy.markets.size(); ++m) {
    Market& market = economy.markets[m];
    for (const Entry& entry : scenario.all("account")) {
      if (entry.text("market") != market.id) continue;
      if (market.demand != DemandKind::allocation) {
        faults.push_back(entry.fault("market", "accounts buy in allocation markets only"));
        continue;
      }
      Account account;
      account.id = entry.id;
      account.name = entry.text("name").empty() ? entry.id : entry.text("name");
      account.market = static_cast<Index>(m);
      if (entry.has("firm")) account.firm = *economy.find_firm(entry.text("firm"));
      if (entry.has("host")) account.host = *economy.find_product(entry.text("host"));
      if (account.host >= 0 &&
          economy.products[static_cast<std::size_t>(account.host)].entry_share > 0.0) {
        faults.push_back(entry.fault("host", "the host is not sold in quarter 0",
                                     "a product with a share or a volume"));
      }
      market.accounts.push_back(static_cast<Index>(economy.accounts.size()));
      economy.accounts.push_back(std::move(account));
    }
    if (market.demand == DemandKind::allocation && market.accounts.empty() &&
        market.pricing != PricingKind::contract) {
      faults.push_back(scenario.find("market", market.id)
                           ->fault("demand", "an allocation market needs at least one account"));
    }
  }
}

void add_stakes(const Scenario& scenario, Economy& economy, Faults& faults) {
  std::map<std::string, double> held;
  for (const Entry& entry : scenario.all("stake")) {
    if (entry.text("holder") == entry.text("firm")) {
      faults.push_back(entry.fault("firm", "a firm cannot hold a stake in itself"));
    }
    held[entry.text("firm")] += entry.number("share");
    if (held[entry.text("firm")] > 1.0 + 1e-12) {
      faults.push_back(entry.fault("share", "stakes in one firm exceed the whole"));
    }
    economy.stakes.push_back({*economy.find_firm(entry.text("holder")),
                              *economy.find_firm(entry.text("firm")), entry.number("share"),
                              entry.number("control")});
  }
}

/// Inputs before their users (Kahn), ties by market order.
void order_markets(const Scenario& scenario, Economy& economy, Faults& faults) {
  const std::size_t count = economy.markets.size();
  std::vector<std::vector<bool>> feeds(count, std::vector<bool>(count, false));
  for (const Input& input : economy.inputs) {
    const auto user =
        static_cast<std::size_t>(economy.products[static_cast<std::size_t>(input.product)].market);
    feeds[static_cast<std::size_t>(input.market)][user] = true;
  }
  for (std::size_t m = 0; m < count; ++m) {
    economy.markets[m].final = std::ranges::none_of(feeds[m], [](bool f) { return f; });
  }
  std::vector<bool> placed(count, false);
  for (std::size_t step = 0; step < count; ++step) {
    std::size_t next = count;
    for (std::size_t m = count; m-- > 0;) {
      bool ready = !placed[m];
      for (std::size_t up = 0; up < count && ready; ++up)
        ready = placed[up] || !feeds[up][m];
      if (ready) next = m;
    }
    if (next == count) {
      for (const Entry& entry : scenario.all("input")) {
        const auto market = static_cast<std::size_t>(*economy.find_market(entry.text("market")));
        if (!placed[market]) {
          faults.push_back(entry.fault("market", "inputs go in a circle",
                                       "a market graph without cycles; let use act with a lag"));
          return;
        }
      }
    }
    placed[next] = true;
    economy.upstream_first.push_back(static_cast<Index>(next));
  }
}

}  // namespace

void build_entities(const Scenario& scenario, Economy& economy, Faults& faults) {
  for (const Entry& entry : scenario.all("firm")) {
    economy.firms.push_back({entry.id, entry.text("name"), read_behaviour(entry)});
  }
  if (economy.firms.empty()) {
    faults.push_back({.location = {scenario.file, 0, 0},
                      .message = "the scenario has no firm",
                      .key_path = "firm",
                      .expected = "at least one [[firm]]",
                      .seen = {},
                      .hint = "start from `extends = \"baseline.toml\"`"});
  }
  if (scenario.all("market").empty()) {
    faults.push_back({.location = {scenario.file, 0, 0},
                      .message = "the scenario has no market",
                      .key_path = "market",
                      .expected = "at least one [[market]]",
                      .seen = {},
                      .hint = "start from `extends = \"baseline.toml\"`"});
  }
  add_markets(scenario, economy);
  add_products(scenario, economy, faults);
  build_tastes(scenario, economy, faults);
  add_accounts(scenario, economy, faults);
  build_supply(scenario, economy, faults);
  add_stakes(scenario, economy, faults);
  order_markets(scenario, economy, faults);
  check_preferences(scenario, economy, faults);
}

}  // namespace entente::simulation
