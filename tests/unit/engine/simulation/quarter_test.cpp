#include <cmath>

#include "tests/catch.hpp"
#include "tests/unit/engine/simulation/small_world.hpp"

using namespace entente::test;
using namespace entente::simulation;

namespace {

const std::vector<std::string>& as_agents() {
  static const std::vector<std::string> sets = {"population.representation=agents",
                                                "population.agents=20000"};
  return sets;
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

TEST_CASE("agents of accounts keep each account's volume, whatever the sum", "[unit]") {
  const auto types = run_quarters(build_small(), 8);
  const auto agents = run_quarters(build_small({}, as_agents()), 8);
  for (std::size_t t = 0; t < types.size(); ++t) {
    for (const char* id : {"use-elsewhere", "use-on-gadget", "buyer-beta", "buyer-public"}) {
      const Eigen::Index a = *types[t].world.economy->find_account(id);
      const double volume = types[t].quarter.account_delivered[a];
      CHECK(agents[t].quarter.account_delivered[a] == Approx(volume).epsilon(0.06));
    }
  }
}

TEST_CASE("subscribers that are counted are those that are there", "[unit]") {
  for (const auto& sets : {std::vector<std::string>{}, as_agents()}) {
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

TEST_CASE("a world copied midway goes on as the original does", "[unit]") {
  const auto steps = run_quarters(build_small(), 6);
  const auto rest = run_quarters(steps[2].next, 3);
  CHECK(rest[2].quarter.price == steps[5].quarter.price);
  CHECK(rest[2].quarter.quantity == steps[5].quarter.quantity);
}
