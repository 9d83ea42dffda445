#include <algorithm>
#include <limits>

#include "engine/simulation/build/build_entities.hpp"

namespace entente::simulation {

using scenario::Entry;
using scenario::Faults;
using scenario::Scenario;

namespace {

void add_generations(const Scenario& scenario, Economy& economy, Faults& faults) {
  for (const Entry& entry : scenario.all("generation")) {
    const Index m = *economy.find_market(entry.text("market"));
    Market& market = economy.markets[static_cast<std::size_t>(m)];
    if (market.pricing != PricingKind::contract) {
      faults.push_back(entry.fault("market", "generations are of goods under contract"));
    }
    market.generations.push_back(static_cast<Index>(economy.generations.size()));
    economy.generations.push_back({entry.id, m, entry.quarter("start") - economy.start});
  }
  for (Market& market : economy.markets) {
    std::ranges::stable_sort(market.generations, {}, [&](Index g) {
      return economy.generations[static_cast<std::size_t>(g)].start;
    });
    if (market.generations.empty()) continue;
    economy.most_generations = std::max(economy.most_generations, market.generations.size());
    const auto& first = economy.generations[static_cast<std::size_t>(market.generations.front())];
    if (first.start <= 0) continue;
    faults.push_back(scenario.find("generation", first.id)
                         ->fault("start", "the first generation must be made in quarter 0",
                                 "at most " + to_text(economy.start)));
  }
}

/// Place of a generation among those of a market, −1 if it is of another.
Index place_of(const Economy& economy, const Market& market, const std::string& generation) {
  const auto found = std::ranges::find_if(market.generations, [&](Index g) {
    return economy.generations[static_cast<std::size_t>(g)].id == generation;
  });
  return found == market.generations.end() ? -1 : found - market.generations.begin();
}

void read_adoption(const Entry& entry, const Economy& economy, Input& input, Faults& faults) {
  const Market& market = economy.markets[static_cast<std::size_t>(input.market)];
  if (market.generations.size() > 1) {
    input.adoption.assign(market.generations.size() - 1,
                          {std::numeric_limits<double>::infinity(), 1.0});
  }
  for (const scenario::Record& record : entry.records("adoption")) {
    const Index place = place_of(economy, market, record.text("generation"));
    if (place <= 0) {
      faults.push_back(
          record.fault("generation", "not a later generation of the market the input comes from"));
      continue;
    }
    input.adoption[static_cast<std::size_t>(place - 1)] = {
        static_cast<double>(record.quarter("half") - economy.start), record.number("width")};
  }
}

void read_qualified(const Entry& entry, const Economy& economy, Link& link, Faults& faults) {
  const Product& supplier = economy.products[static_cast<std::size_t>(link.supplier)];
  const Market& market = economy.markets[static_cast<std::size_t>(supplier.market)];
  const std::size_t count = std::max<std::size_t>(1, market.generations.size());
  link.qualified_for.assign(count, link.buyer < 0);
  if (entry.list("qualified").empty()) {
    link.qualified_for.front() = link.qualified;
    return;
  }
  for (const std::string& id : entry.list("qualified")) {
    const Index place = place_of(economy, market, id);
    if (place < 0) {
      faults.push_back(entry.fault("qualified", "not a generation of the supplier's market"));
    } else {
      link.qualified_for[static_cast<std::size_t>(place)] = true;
    }
  }
}

void add_resources(const Scenario& scenario, Economy& economy, Faults& faults) {
  for (const Entry& entry : scenario.all("resource")) {
    Resource resource;
    resource.id = entry.id;
    resource.name = entry.text("name");
    resource.market = *economy.find_market(entry.text("market"));
    resource.capacity = entry.number_or("capacity", 0.0);
    resource.growth = {entry.number("growth"), entry.number("growth_fade")};
    resource.response = entry.number("response");
    const Market& market = economy.markets[static_cast<std::size_t>(resource.market)];
    if (market.pricing != PricingKind::posted) {
      faults.push_back(entry.fault("market", "only a market of posted prices can ration by them",
                                   "a market with pricing = \"posted\""));
    }
    resource.use = Eigen::VectorXd::Zero(market.products());
    for (const scenario::Record& record : entry.records("use")) {
      const Index product = *economy.find_product(record.text("product"));
      if (market.sells(product)) {
        resource.use[product - market.first] = record.number("per_unit");
      } else {
        faults.push_back(record.fault("product", "the resource's market does not sell this"));
      }
    }
    economy.resources.push_back(std::move(resource));
  }
}

void add_inputs(const Scenario& scenario, Economy& economy, Faults& faults) {
  for (const Entry& entry : scenario.all("input")) {
    Input input;
    input.id = entry.id;
    input.product = *economy.find_product(entry.text("product"));
    input.market = *economy.find_market(entry.text("market"));
    input.capital = entry.text("kind") == "capital";
    input.per_unit = entry.number("per_unit");
    input.intensity_elasticity = entry.number("intensity_elasticity");
    input.lead = static_cast<int>(entry.integer("lead"));
    input.initial_cover = entry.number("initial_cover");
    input.cover = entry.number("cover");
    input.stock_adjustment = entry.number("stock_adjustment");
    input.due_growth = entry.number("due_growth");
    read_adoption(entry, economy, input, faults);
    const Product& product = economy.products[static_cast<std::size_t>(input.product)];
    for (std::size_t a = 0; a < economy.accounts.size(); ++a) {
      const Account& account = economy.accounts[a];
      if (account.market == input.market && account.firm == product.firm) {
        input.account = static_cast<Index>(a);
      }
    }
    if (std::ranges::any_of(economy.inputs, [&](const Input& other) {
          return other.product == input.product && other.market == input.market;
        })) {
      faults.push_back(entry.fault("market", "the product takes this market's goods already",
                                   "one input of a product from a market"));
    }
    const bool contract =
        economy.markets[static_cast<std::size_t>(input.market)].pricing == PricingKind::contract;
    for (const char* key : {"lead", "cover", "initial_cover"}) {
      if (contract || entry.is_default(key)) continue;
      faults.push_back(entry.fault(key, "only inputs under contract are bought ahead"));
    }
    if (input.lead == 0 && (input.cover > 0.0 || input.initial_cover > 0.0)) {
      faults.push_back(entry.fault("cover", "a stock is kept of what is bought ahead",
                                   "a lead of at least one quarter"));
    }
    if (contract && input.capital) {
      faults.push_back(
          entry.fault("kind", "a contract market sells flows", "\"flow\"", "\"capital\""));
    }
    economy.inputs.push_back(std::move(input));
  }
}

void add_links(const Scenario& scenario, Economy& economy, Faults& faults) {
  for (const Entry& entry : scenario.all("link")) {
    Link link;
    link.id = entry.id;
    link.supplier = *economy.find_product(entry.text("supplier"));
    if (entry.has("buyer")) link.buyer = *economy.find_product(entry.text("buyer"));
    link.share = entry.number("share") / 100.0;
    link.qualified = link.share > 0.0 || link.buyer < 0;
    const Product& supplier = economy.products[static_cast<std::size_t>(link.supplier)];
    if (economy.markets[static_cast<std::size_t>(supplier.market)].pricing !=
        PricingKind::contract) {
      faults.push_back(entry.fault("supplier", "links are of contract markets only"));
    }
    const bool takes =
        link.buyer < 0 || std::ranges::any_of(economy.inputs, [&](const Input& input) {
          return input.product == link.buyer && input.market == supplier.market;
        });
    if (!takes) {
      faults.push_back(
          entry.fault("buyer", "the buyer does not take this market's goods as an input"));
    }
    if (std::ranges::any_of(economy.links, [&](const Link& other) {
          return other.supplier == link.supplier && other.buyer == link.buyer;
        })) {
      faults.push_back(entry.fault("buyer", "the supplier has this link already",
                                   "one link of a supplier to a buyer, one residual link"));
    }
    read_qualified(entry, economy, link, faults);
    economy.links.push_back(std::move(link));
  }
}

/// Every seller of a market that bargains has a link with every account.
void add_account_links(const Scenario& scenario, Economy& economy, Faults& faults) {
  for (Market& market : economy.markets) {
    if (market.pricing != PricingKind::bargained) continue;
    const Entry& entry = *scenario.find("market", market.id);
    if (market.demand != DemandKind::allocation) {
      faults.push_back(entry.fault("pricing", "only accounts bargain",
                                   "demand = \"allocation\", or another pricing"));
    }
    market.first_link = static_cast<Index>(economy.links.size());
    for (const Index account : market.accounts) {
      for (Index p = market.first; p < market.last; ++p) {
        const Product& product = economy.products[static_cast<std::size_t>(p)];
        if (product.fringe != 1.0 && account == market.accounts.front()) {
          faults.push_back(scenario.find("product", product.id)
                               ->fault("fringe", "a fringe posts its prices", "a single seller"));
        }
        Link link;
        link.id = product.id + "-to-" + economy.accounts[static_cast<std::size_t>(account)].id;
        link.supplier = p;
        link.account = account;
        link.qualified_for = {true};
        economy.links.push_back(std::move(link));
      }
    }
  }
}

}  // namespace

void build_supply(const Scenario& scenario, Economy& economy, Faults& faults) {
  add_generations(scenario, economy, faults);
  add_resources(scenario, economy, faults);
  add_inputs(scenario, economy, faults);
  add_links(scenario, economy, faults);
  add_account_links(scenario, economy, faults);
}

}  // namespace entente::simulation
