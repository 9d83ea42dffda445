#include <algorithm>
#include <cmath>
#include <map>

#include "engine/simulation/record/result_tables.hpp"
#include "tests/catch.hpp"
#include "tests/unit/engine/simulation/small_world.hpp"

using namespace entente::test;
using namespace entente::simulation;

namespace {

/// 20,000 consumers in each market.
std::vector<std::string> drawn_as(const std::string& representation) {
  return {"population.representation=" + representation, "population.agents=20000"};
}

}  // namespace

TEST_CASE("use on a host follows the host's base", "[unit]") {
  for (const Step& step : run_quarters(build_small(), 4)) {
    const Eigen::Index on_gadget = *step.world.economy->find_account("use-on-gadget");
    const double base = step.world.base_share[product(step.world, "gadget-alpha")];
    CHECK(step.quarter.account_volume[on_gadget] == Approx(5.0 * base / 0.5).epsilon(1e-12));
    // What is used in all is what the places of use sum to.
    CHECK(step.quarter.potential[market(step.world, "guide")] ==
          Approx(45.0 + 10.0 * base).epsilon(1e-12));
  }
}

TEST_CASE("consumers of accounts keep each account's volume, whatever the sum", "[unit]") {
  const auto types = run_quarters(build_small(), 8);
  const auto drawn = run_quarters(build_small({}, drawn_as("agents")), 8);
  const auto counted = run_quarters(build_small({}, drawn_as("counts")), 8);
  for (std::size_t t = 0; t < types.size(); ++t) {
    for (const char* id : {"use-elsewhere", "use-on-gadget", "buyer-beta", "buyer-public"}) {
      const Eigen::Index a = *types[t].world.economy->find_account(id);
      const double volume = types[t].quarter.account_delivered[a];
      CHECK(drawn[t].quarter.account_delivered[a] == Approx(volume).epsilon(0.06));
      CHECK(counted[t].quarter.account_delivered[a] == Approx(volume).epsilon(0.06));
    }
  }
}

TEST_CASE("consumers are seated anew by each quarter's volumes of accounts", "[unit]") {
  const auto steps = run_quarters(
      build_small({}, {"population.representation=counts", "population.agents=1000000000"}), 4);
  Eigen::VectorXd first;
  for (const Step& step : steps) {
    const Eigen::Index m = market(step.world, "guide");
    const auto& accounts = step.world.economy->markets[static_cast<std::size_t>(m)].accounts;
    const auto& choosing = step.quarter.purchases[static_cast<std::size_t>(m)].choosing;
    const Eigen::VectorXd seated = choosing.cast<double>().rowwise().sum();
    if (first.size() == 0) first = seated;
    for (std::size_t a = 0; a < accounts.size(); ++a) {
      const double part = step.quarter.account_volume[accounts[a]] / step.quarter.potential[m];
      CHECK(std::abs(seated[static_cast<Eigen::Index>(a)] - 1e9 * part) <= 1.0);
    }
  }
  // Use on gadgets follows their base, which moves: else this would show nothing.
  const Eigen::Index m = market(steps[3].world, "guide");
  const auto& last = steps[3].quarter.purchases[static_cast<std::size_t>(m)].choosing;
  CHECK((last.cast<double>().rowwise().sum() - first).cwiseAbs().maxCoeff() > 100.0);
}

TEST_CASE("subscribers that are counted are those that are there", "[unit]") {
  for (const auto& sets : {std::vector<std::string>{}, drawn_as("agents"), drawn_as("counts")}) {
    for (const Step& step : run_quarters(build_small({}, sets), 8)) {
      const auto m = static_cast<std::size_t>(market(step.world, "plan"));
      const auto& cells = step.next.populations[m].cells;
      for (const char* id : {"plan-beta", "plan-delta"}) {
        const Eigen::Index p = product(step.world, id);
        const Eigen::Index j = p - step.world.economy->markets[m].first;
        CHECK(step.quarter.quantity[p] ==
              Approx(step.quarter.potential[static_cast<Eigen::Index>(m)] *
                     step.next.populations[m].holding[cells.of(0, j)])
                  .epsilon(1e-12));
      }
    }
  }
}

TEST_CASE("a buyer whose every supplier is barred makes nothing and sells nothing", "[unit]") {
  const auto steps = run_quarters(
      build_small(
          "[[partnership]]\nid = \"bar\"\nparties = [\"alpha\", \"beta\"]\nkind = \"supply\"\n"
          "start = \"2024Q2\"\ndissolution = 0\neffect = [{ type = \"exclusive\", supplier = "
          "\"part-beta\", rivals = [\"delta\"] }]\n"),
      4);
  const Eigen::Index delta = product(steps[0].world, "widget-delta");
  const Eigen::Index gamma = product(steps[0].world, "widget-gamma");
  for (std::size_t t = 1; t < 4; ++t) {
    CHECK(steps[t].quarter.quantity[delta] == 0.0);
    // Its price is no offer, so the rival need not mind it.
    CHECK(steps[t].quarter.price[gamma] > steps[0].quarter.price[gamma] + 0.1);
  }
}

TEST_CASE("results are declared, complete and equal for equal keys", "[unit]") {
  const World world = build_small();
  const auto tables = result_tables(world);
  const auto results = simulate(world, 0, 6);
  REQUIRE(results.tables.size() == tables.size());
  for (std::size_t t = 0; t < tables.size(); ++t) {
    CHECK(results.tables[t].values.size() == 6 * tables[t].rows.size() * tables[t].series.size());
  }
  const auto again = simulate(world, 0, 6);
  for (std::size_t t = 0; t < tables.size(); ++t) {
    for (std::size_t i = 0; i < results.tables[t].values.size(); ++i) {
      const double a = results.tables[t].values[i];
      const double b = again.tables[t].values[i];
      REQUIRE((a == b || (std::isnan(a) && std::isnan(b))));
    }
  }
}

TEST_CASE("a model's columns follow those of their table, read from the model", "[unit]") {
  auto models = entente::test::plain_models();
  models[0].series = {{"firms",
                       {"half_profit", "USD bn", "Half."},
                       [](const Dynamics& own, const Moment& moment, Index firm) {
                         CHECK(&own == moment.world.economy->dynamics[0].get());
                         return firm == 1 ? missing : 10.0 * static_cast<double>(firm);
                       }}};
  const World world = build_small({}, {}, models);
  const auto tables = result_tables(world);
  const auto results = simulate(world, 0, 2);
  const auto declared = declared_tables(models);
  const auto firms = static_cast<std::size_t>(
      std::ranges::find(tables, "firms", &entente::output::ResultTable::name) - tables.begin());
  const std::size_t width = tables[firms].series.size();
  CHECK(tables[firms].series.back().name == "half_profit");
  CHECK(declared[firms].series.size() == width);
  CHECK(engine_tables()[firms].series.size() == width - 1);
  const auto& values = results.tables[firms].values;
  REQUIRE(values.size() == std::size_t{8} * width);
  CHECK(values[width - 1] == 0.0);
  CHECK(std::isnan(values[width + width - 1]));
  CHECK(values[std::size_t{3} * width - 1] == 20.0);
  CHECK(values[std::size_t{8} * width - 1] == 30.0);
  // What is not for a table stays out of it.
  CHECK(tables[0].series.size() == engine_tables()[0].series.size());
}

TEST_CASE("a model's column needs a table and a name of its own", "[unit]") {
  const auto with = [](const std::string& table, const std::string& name) {
    auto models = entente::test::plain_models();
    models[0].series = {{table, {name, "", ""}, {}}};
    return models;
  };
  CHECK_NOTHROW(declared_tables(with("firms", "novelty")));
  CHECK_THROWS_AS(declared_tables(with("planets", "novelty")), std::invalid_argument);
  CHECK_THROWS_AS(declared_tables(with("firms", "profit_usd_bn")), std::invalid_argument);
}

TEST_CASE("results say how individuals chose, and where there are none", "[unit]") {
  const auto by_bounds = [](const std::string& representation) {
    const World world = build_small({}, drawn_as(representation));
    const auto tables = result_tables(world);
    const auto results = simulate(world, 0, 1);
    std::map<std::string, double> percent;
    for (std::size_t t = 0; t < tables.size(); ++t) {
      if (tables[t].name != "markets") continue;
      const auto& series = tables[t].series;
      const auto column = std::find_if(series.begin(), series.end(), [](const auto& each) {
        return each.name == "chosen_by_bounds_percent";
      });
      REQUIRE(column != series.end());
      for (std::size_t row = 0; row < tables[t].rows.size(); ++row) {
        percent[tables[t].rows[row][0]] =
            results.tables[t]
                .values[row * series.size() + static_cast<std::size_t>(column - series.begin())];
      }
    }
    return percent;
  };
  auto agents = by_bounds("agents");
  CHECK(agents["plan"] == 0.0);  // too few products
  CHECK(agents["gadget"] == 0.0);
  CHECK(std::isnan(agents["widget"]));
  CHECK(std::isnan(agents["part"]));
  CHECK(std::isnan(by_bounds("counts")["plan"]));
  CHECK(std::isnan(by_bounds("types")["plan"]));
}

TEST_CASE("a world copied midway goes on as the original does", "[unit]") {
  const auto steps = run_quarters(build_small(), 6);
  const auto rest = run_quarters(steps[2].next, 3);
  CHECK(rest[2].quarter.price == steps[5].quarter.price);
  CHECK(rest[2].quarter.quantity == steps[5].quarter.quantity);
}
