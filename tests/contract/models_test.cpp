#include <algorithm>
#include <cmath>
#include <map>
#include <string>
#include <vector>

#include "engine/simulation/build/baseline_certificate.hpp"
#include "engine/simulation/supply/generation.hpp"
#include "tests/catch.hpp"
#include "tests/contract/accounting.hpp"
#include "tests/contract/baseline_world.hpp"

using namespace entente;
using namespace entente::test;
using simulation::DemandKind;

namespace {

/// Quarter 0 against the figures of the scenario, read without the engine's own bookkeeping.
void check_observed(const scenario::Scenario& scenario, const Step& step, double tolerance) {
  const Economy& economy = *step.world.economy;
  for (const scenario::Entry& market : scenario.all("market")) {
    std::map<std::string, double> measure;
    double total = 0.0;
    double revenue = 0.0;
    const double unit = market.number("units_per_quantity") *
                        market.number("payments_per_quarter") * market.number("usd_per_currency") *
                        1e-9;
    for (const scenario::Entry& product : scenario.all("product")) {
      if (product.text("market") != market.id) continue;
      const Index p = economy.find_product(product.id).value();
      const double quantity = step.quarter.quantity[p];
      const bool sold = product.has("share") || product.has("volume");
      CAPTURE(product.id);
      if (!sold) {
        CHECK(quantity == 0.0);
        continue;
      }
      const double price = product.number("price");
      if (price > 0.0) CHECK(near(step.quarter.price[p], price, tolerance));
      if (product.has("volume")) CHECK(near(quantity, product.number("volume"), tolerance));
      measure[product.id] = market.text("share_of") == "revenue" ? quantity * price : quantity;
      total += measure[product.id];
      revenue += quantity * price * unit;
    }
    for (const scenario::Entry& product : scenario.all("product")) {
      if (product.text("market") != market.id || !product.has("share")) continue;
      CAPTURE(product.id);
      CHECK(near(100.0 * measure[product.id] / total, product.number("share"), tolerance));
    }
    CAPTURE(market.id);
    if (market.has("revenue_usd_bn")) {
      CHECK(near(revenue, market.number("revenue_usd_bn"), tolerance));
    }
    if (market.has("size")) CHECK(near(total, market.number("size"), tolerance));
  }
}

/// Whether what buyers got is what sellers sold, in one market of one quarter.
void check_market_closes(const Step& step, Index m) {
  const Economy& economy = *step.world.economy;
  const Market& market = economy.markets[at(m)];
  const auto sold = step.quarter.quantity.segment(market.first, market.products());
  CAPTURE(market.id, step.world.quarter);
  REQUIRE(sold.minCoeff() >= 0.0);
  if (market.pricing == PricingKind::contract) {
    Eigen::VectorXd linked = Eigen::VectorXd::Zero(step.quarter.quantity.size());
    for (std::size_t l = 0; l < economy.links.size(); ++l) {
      linked[economy.links[l].supplier] += step.quarter.link_volume[static_cast<Index>(l)];
    }
    for (Index p = market.first; p < market.last; ++p) {
      REQUIRE(near(linked[p], step.quarter.quantity[p], 1e-12));
    }
    return;
  }
  const population::Population& before = step.world.populations[at(m)];
  const population::Population& after = step.next.populations[at(m)];
  if (market.demand == DemandKind::allocation) {
    double delivered = 0.0;
    double potential = 0.0;
    // Consumers stand for equal parts of the market: an account is rounded to whole ones.
    const auto consumers = static_cast<double>(after.count.sum());
    const double rounding = consumers > 0.0 ? step.quarter.potential[m] / consumers : 0.0;
    for (const Index a : market.accounts) {
      delivered += step.quarter.account_delivered[a];
      potential += step.quarter.account_volume[a];
      REQUIRE(step.quarter.account_delivered[a] <=
              step.quarter.account_volume[a] * (1.0 + 1e-12) + rounding);
    }
    REQUIRE(near(delivered, sold.sum(), 1e-12));
    REQUIRE(near(potential, step.quarter.potential[m], 1e-12));
  } else {
    REQUIRE(near(before.holding.sum(), 1.0, 1e-12));
    REQUIRE(near(after.holding.sum(), 1.0, 1e-12));
    REQUIRE(after.holding.minCoeff() >= 0.0);
  }
  if (market.demand == DemandKind::subscription) {
    for (Index j = 0; j < market.products(); ++j) {
      double holding = 0.0;
      for (Index type = 0; type < market.cells.types; ++type) {
        holding += after.holding[market.cells.of(type, j)];
      }
      REQUIRE(near(sold[j], holding * step.quarter.potential[m], 1e-12));
    }
  }
  const double base = step.next.base_share.segment(market.first, market.products()).sum();
  REQUIRE(near(base, 1.0, 1e-12));
}

void check_capacity(const Step& step) {
  for (Index p = 0; p < step.quarter.quantity.size(); ++p) {
    const auto& product = step.world.economy->products[at(p)];
    if (step.world.economy->markets[at(product.market)].demand == DemandKind::subscription)
      continue;
    CAPTURE(product.id, step.world.quarter);
    REQUIRE(step.quarter.quantity[p] <= step.quarter.capacity[p] * (1.0 + 1e-9));
  }
}

void check_finite(const Step& step) {
  const auto& q = step.quarter;
  for (const Eigen::VectorXd* values :
       {&q.price, &q.marginal_cost, &q.shadow_price, &q.quantity, &q.orders, &q.unserved,
        &q.revenue, &q.profit, &q.link_price, &q.link_volume, &q.surplus_change,
        &q.pricing_residual, &step.next.quality, &step.next.base_share, &step.next.account_stock,
        &q.account_volume}) {
    REQUIRE(values->allFinite());
  }
  REQUIRE(q.price.minCoeff() >= 0.0);
  REQUIRE(q.shadow_price.minCoeff() >= 0.0);
  REQUIRE(q.pricing_residual.maxCoeff() < 1e-10);
}

void check_every_quarter(const std::vector<Step>& steps) {
  for (const Step& step : steps) {
    check_finite(step);
    check_accounts_close(step);
    check_inputs_close(step);
    check_stocks_close(step);
    check_resources(step);
    check_capacity(step);
    for (std::size_t m = 0; m < step.world.economy->markets.size(); ++m) {
      check_market_closes(step, static_cast<Index>(m));
    }
  }
}

/// Values of one series of one table, quarter slowest.
std::vector<double> series(const simulation::World& world, const output::Results& results,
                           const std::string& table, const std::string& name) {
  const auto tables = result_tables(world);
  for (std::size_t t = 0; t < tables.size(); ++t) {
    if (tables[t].name != table) continue;
    for (std::size_t s = 0; s < tables[t].series.size(); ++s) {
      if (tables[t].series[s].name != name) continue;
      std::vector<double> values;
      for (std::size_t i = s; i < results.tables[t].values.size(); i += tables[t].series.size()) {
        values.push_back(results.tables[t].values[i]);
      }
      return values;
    }
  }
  throw std::out_of_range(table + "." + name);
}

bool same(const output::Results& a, const output::Results& b) {
  return std::equal(a.tables.begin(), a.tables.end(), b.tables.begin(), b.tables.end(),
                    [](const auto& x, const auto& y) {
                      return std::equal(x.values.begin(), x.values.end(), y.values.begin(),
                                        y.values.end(), [](double u, double v) {
                                          return u == v || (std::isnan(u) && std::isnan(v));
                                        });
                    });
}

/// Drops entries of a table that `drop` is true for.
template <class Drop>
void remove(scenario::Scenario& scenario, const std::string& table, Drop drop) {
  const auto found = scenario.entries.find(table);
  if (found != scenario.entries.end()) std::erase_if(found->second, drop);
}

/// The scenario with the markets of one model alone: what it takes from the others is in its costs,
/// what it feels of them stands still.
scenario::Scenario alone(scenario::Scenario scenario, const std::string& model) {
  const scenario::Scenario whole = scenario;
  const auto gone_market = [&](const std::string& id) {
    const auto* market = whole.find("market", id);
    return market->text("model") != model;
  };
  const auto gone_product = [&](const std::string& id) {
    return gone_market(whole.find("product", id)->text("market"));
  };
  remove(scenario, "input", [&](const auto& e) {
    return gone_product(e.text("product")) || gone_market(e.text("market"));
  });
  remove(scenario, "link", [&](const auto& e) { return gone_product(e.text("supplier")); });
  remove(scenario, "account", [&](const auto& e) {
    return gone_market(e.text("market")) || (e.has("host") && gone_product(e.text("host")));
  });
  remove(scenario, "shock", [&](const auto& e) {
    return (e.has("product") && gone_product(e.text("product"))) ||
           (e.has("market") && gone_market(e.text("market")));
  });
  for (const char* table : {"history", "branch"})
    remove(scenario, table, [&](const auto& e) { return gone_market(e.text("market")); });
  remove(scenario, "product", [&](const auto& e) { return gone_market(e.text("market")); });
  for (const char* table : {"generation", "resource", "history", "branch"})
    remove(scenario, table, [&](const auto& e) { return gone_market(e.text("market")); });
  remove(scenario, "shock", [&](const auto& e) {
    return (e.has("market") && gone_market(e.text("market"))) ||
           (e.has("product") && gone_product(e.text("product"))) ||
           (e.has("account") &&
            gone_market(whole.find("account", e.text("account"))->text("market"))) ||
           (e.has("resource") &&
            gone_market(whole.find("resource", e.text("resource"))->text("market")));
  });
  remove(scenario, "event", [](const auto&) { return true; });
  remove(scenario, "market", [&](const auto& e) { return gone_market(e.id); });
  for (auto& account : scenario.entries["account"])
    account.slots_.erase("drivers");
  for (auto& product : scenario.entries["product"]) {
    product.slots_.erase("compute_account");
    if (product.has("complement") && gone_product(product.text("complement"))) {
      product.slots_.erase("complement");
    }
  }
  for (auto& market : scenario.entries["market"]) {
    if (!market.has("compute_market")) continue;
    market.slots_.erase("compute_market");
    market.slots_["compute_elasticity"].value = 0.0;
  }
  // An account dropped with its host leaves its use to the residual one.
  double left = 0.0;
  scenario::Entry* first = nullptr;
  for (auto& account : scenario.entries["account"]) {
    if (!account.has("share") ||
        scenario.find("market", account.text("market"))->has("revenue_usd_bn")) {
      continue;
    }
    left += account.number("share");
    if (first == nullptr || account.number("share") > first->number("share")) first = &account;
  }
  if (first != nullptr) {
    first->slots_["share"].value = first->number("share") + 100.0 - left;
  }
  return scenario;
}

}  // namespace

TEST_CASE("quarter 0 reproduces the observed shares and prices", "[contract]") {
  const scenario::Scenario scenario = read_baseline();
  check_observed(scenario, run_quarters(build(scenario), 1)[0], 1e-9);
}

TEST_CASE("a quarter-0 contract price and volume stand link by link", "[contract]") {
  const Step step = run_quarters(build(read_baseline()), 1)[0];
  const Economy& economy = *step.world.economy;
  for (std::size_t l = 0; l < economy.links.size(); ++l) {
    if (mean_access(step.world, static_cast<Index>(l)) <= 0.0) continue;  // an offer, not a price
    CAPTURE(economy.links[l].id);
    CHECK(near(step.quarter.link_volume[static_cast<Index>(l)], economy.links[l].volume, 1e-9));
    CHECK(near(step.quarter.link_price[static_cast<Index>(l)], economy.links[l].price, 1e-9));
  }
}

TEST_CASE("reported margins are those of quarter 0", "[contract]") {
  const scenario::Scenario scenario = read_baseline();
  const Step step = run_quarters(build(scenario), 1)[0];
  for (const scenario::Entry& product : scenario.all("product")) {
    if (!product.has("operating_margin")) continue;
    const Index p = step.world.economy->find_product(product.id).value();
    CAPTURE(product.id);
    CHECK(near(
        100.0 * (step.quarter.profit[p] - step.quarter.fixed_cost[p]) / step.quarter.revenue[p],
        product.number("operating_margin"), 1e-7));
  }
}

TEST_CASE("accounting closes in every quarter of ten years", "[contract]") {
  const auto world = build(read_baseline({}, {"run.quarters=40"}));
  for (const std::uint32_t replication : {0u, 3u}) {
    check_every_quarter(run_quarters(world, 40, replication));
  }
}

TEST_CASE("recorded shares lie within 0 and 100 and sum to 100 by market", "[contract]") {
  const auto world = build(read_baseline());
  const auto results = simulate(world, 1, world.economy->quarters);
  const auto shares = series(world, results, "products", "share_percent");
  const Economy& economy = *world.economy;
  REQUIRE(shares.size() == economy.products.size() * at(economy.quarters));
  for (std::size_t t = 0; t < at(economy.quarters); ++t) {
    for (const Market& market : economy.markets) {
      double total = 0.0;
      for (Index p = market.first; p < market.last; ++p) {
        const double share = shares[t * economy.products.size() + at(p)];
        CAPTURE(economy.products[at(p)].id, t, share);
        REQUIRE(share >= 0.0);
        REQUIRE(share <= 100.0);
        total += share;
      }
      REQUIRE(total == Approx(100.0).epsilon(1e-12));
    }
  }
}

TEST_CASE("recorded firms' profits are those of their products and transfers", "[contract]") {
  const auto world = build(read_baseline());
  const auto results = simulate(world, 0, 8);
  const Economy& economy = *world.economy;
  const auto product_profit = series(world, results, "products", "profit_usd_bn");
  const auto firm_profit = series(world, results, "firms", "profit_usd_bn");
  const auto fixed = series(world, results, "firms", "fixed_cost_usd_bn");
  const auto transfers = series(world, results, "firms", "transfers_usd_bn");
  for (std::size_t t = 0; t < 8; ++t) {
    std::vector<double> expected(economy.firms.size());
    for (std::size_t p = 0; p < economy.products.size(); ++p) {
      expected[at(economy.products[p].firm)] += product_profit[t * economy.products.size() + p];
    }
    for (std::size_t f = 0; f < expected.size(); ++f) {
      const std::size_t row = t * expected.size() + f;
      CAPTURE(economy.firms[f].id, t);
      CHECK(firm_profit[row] ==
            Approx(expected[f] - fixed[row] + transfers[row]).epsilon(1e-12).margin(1e-12));
    }
  }
}

TEST_CASE("a replication repeated is the same, another differs", "[contract]") {
  const auto world = build(read_baseline());
  const auto first = simulate(world, 0, 24);
  CHECK(same(first, simulate(world, 0, 24)));
  bool luck_shows = false;
  for (std::uint64_t replication = 1; replication <= 3; ++replication) {
    luck_shows = luck_shows || !same(first, simulate(world, replication, 24));
  }
  CHECK(luck_shows);
}

// Shares are sums over consumers of one market, so their error is √(s(1−s)/n) with n those who
// bought or hold, at least outside share aside; 5 of them over a hundred values.
TEST_CASE("20,000 consumers stay within sampling error of types", "[contract]") {
  constexpr int quarters = 3;
  const std::string representation = GENERATE("agents", "counts");
  CAPTURE(representation);
  const auto types = run_quarters(build(read_baseline()), quarters);
  const auto drawn = run_quarters(
      build(read_baseline(
          {}, {"population.representation=" + representation, "population.agents=20000"})),
      quarters);
  for (std::size_t t = 0; t < quarters; ++t) {
    const Economy& economy = *types[t].world.economy;
    for (std::size_t m = 0; m < economy.markets.size(); ++m) {
      const Market& market = economy.markets[m];
      if (market.pricing == PricingKind::contract) continue;
      const auto share = [&](const Step& step, Index p) {
        return step.quarter.quantity[p] /
               step.quarter.quantity.segment(market.first, market.products()).sum();
      };
      const auto& step = types[t];
      const double bought = step.quarter.quantity.segment(market.first, market.products()).sum() /
                            step.quarter.potential[static_cast<Index>(m)];
      for (Index p = market.first; p < market.last; ++p) {
        const double expected = share(step, p);
        const double error = std::sqrt(expected * (1.0 - expected) / (20000.0 * bought));
        CAPTURE(market.id, economy.products[at(p)].id, t, expected);
        CHECK(std::abs(share(drawn[t], p) - expected) <= 5.0 * error + 1.0 / 20000.0);
      }
    }
  }
  check_every_quarter(drawn);
}

TEST_CASE("a market whose accounts all wait sells nothing and keeps its prices", "[contract]") {
  for (const std::string representation : {"types", "counts", "agents"}) {
    auto world = build(read_baseline(
        {}, {"population.representation=" + representation, "population.agents=2000"}));
    const Index m = world.economy->find_market("ssd").value();
    const Market& ssd = world.economy->markets[at(m)];
    for (const Index a : ssd.accounts)
      world.account_stock[a] *= 10.0;
    const Step step = run_quarters(world, 1)[0];
    REQUIRE(step.quarter.potential[m] == 0.0);
    for (Index p = ssd.first; p < ssd.last; ++p) {
      CHECK(step.quarter.quantity[p] == 0.0);
      CHECK(step.quarter.price[p] == world.price[p]);
    }
    check_every_quarter(run_quarters(world, 12));
  }
}

TEST_CASE("each model runs alone, its neighbours' prices given", "[contract]") {
  const scenario::Scenario whole = read_baseline();
  for (const simulation::Model& model : models::all()) {
    const scenario::Scenario part = alone(whole, model.id);
    CAPTURE(model.id);
    REQUIRE_FALSE(part.all("market").empty());
    REQUIRE(part.all("market").size() < whole.all("market").size());
    const auto steps = run_quarters(build(part, {model}), 12);
    check_observed(part, steps[0], 1e-9);
    check_every_quarter(steps);
  }
}

TEST_CASE("the baseline's posted prices are an equilibrium, not only a first-order root",
          "[contract]") {
  const auto certificates = simulation::certify_baseline(build(read_baseline()));
  CHECK(certificates.size() >= 5);
  for (const auto& certificate : certificates) {
    INFO(simulation::describe_certificate(certificate));
    CHECK(certificate.not_certified.empty());
    CHECK(certificate.gain == 0.0);
    CHECK(simulation::describe_certificate(certificate).empty());
    CHECK(certificate.evaluations > 0);
  }
}
