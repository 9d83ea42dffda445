#include "engine/simulation/ration.hpp"

#include <cmath>
#include <limits>

#include "tests/catch.hpp"
#include "tests/unit/engine/simulation/small_world.hpp"

using namespace entente;
using namespace entente::test;
using namespace entente::simulation;

namespace {

constexpr double unlimited = std::numeric_limits<double>::infinity();

/// Sellers of widgets hold their prices, so that what capacity cannot serve is rationed.
const std::vector<std::string>& held_prices() {
  static const std::vector<std::string> sets = {"product.widget-gamma.pricing=fixed",
                                                "product.widget-delta.pricing=fixed"};
  return sets;
}

struct Capacities {
  double gamma;
  double delta;
};

/// The quarter in which capacities of widgets are these.
Step ration_widgets(World world, Capacities capacity) {
  world.capacity[product(world, "widget-gamma")] = capacity.gamma;
  world.capacity[product(world, "widget-delta")] = capacity.delta;
  return run_quarters(std::move(world), 1)[0];
}

double bought(const Step& step, Eigen::Index account, Eigen::Index j) {
  const Eigen::Index m = test::market(step.world, "widget");
  return step.quarter.potential[m] *
         step.quarter.purchases[static_cast<std::size_t>(m)].flow(account, j);
}

}  // namespace

// Accounts: beta buys 16 of gamma's 40 and 4 of delta's 20; the public the rest. Products in id
// order: delta 0, gamma 1.
TEST_CASE("short supply is shared pro rata and the rest choose again", "[unit]") {
  const Step step = ration_widgets(build_small({}, held_prices()), {30.0, unlimited});
  CHECK(step.quarter.orders[product(step.world, "widget-gamma")] == Approx(40.0).epsilon(1e-12));
  CHECK(bought(step, 0, 1) == Approx(12.0).epsilon(1e-12));
  CHECK(bought(step, 1, 1) == Approx(18.0).epsilon(1e-12));
  // Without gamma, beta takes delta with odds 4 to 20 (its outside half), the public with 16 to 40.
  CHECK(bought(step, 0, 0) == Approx(4.0 + 4.0 * 4.0 / 24.0).epsilon(1e-12));
  CHECK(bought(step, 1, 0) == Approx(16.0 + 6.0 * 16.0 / 56.0).epsilon(1e-12));
  CHECK(step.quarter.unserved[product(step.world, "widget-gamma")] == Approx(10.0).epsilon(1e-11));
}

// Half of 30 is beta's to call first; its last unit shares what is left with the public's 24.
TEST_CASE("reserved capacity is served first", "[unit]") {
  const std::string reserve = pact_text(
      "type = \"reserve_capacity\", supplier = \"widget-gamma\", partner = \"beta\", share = 0.5");
  auto sets = held_prices();
  sets.emplace_back("product.widget-gamma.capacity=40");
  World world = run_quarters(build_small(reserve, sets), 1)[0].next;
  const Step step = ration_widgets(world, {30.0, unlimited});
  CHECK(bought(step, 0, 1) == Approx(15.0 + 0.6).epsilon(1e-12));
  CHECK(bought(step, 1, 1) == Approx(14.4).epsilon(1e-12));
}

TEST_CASE("priority that is not called is left to the others", "[unit]") {
  const std::string reserve = pact_text(
      "type = \"reserve_capacity\", supplier = \"widget-gamma\", partner = \"beta\", share = 1");
  auto sets = held_prices();
  sets.emplace_back("product.widget-gamma.capacity=40");
  World world = run_quarters(build_small(reserve, sets), 1)[0].next;
  const Step step = ration_widgets(world, {30.0, unlimited});
  CHECK(bought(step, 0, 1) == Approx(16.0).epsilon(1e-12));
  CHECK(bought(step, 1, 1) == Approx(14.0).epsilon(1e-12));
}

TEST_CASE("deliveries never exceed the limits, however they bind", "[unit]") {
  const World types = build_small({}, held_prices());
  auto sets = held_prices();
  sets.emplace_back("population.representation=agents");
  sets.emplace_back("population.agents=5000");
  const World agents = build_small({}, sets);
  for (const World* world : {&types, &agents}) {
    for (const double gamma : {0.5, 10.0, 30.0, 39.0}) {
      for (const double delta : {0.5, 5.0, 15.0, 21.0}) {
        const Step step = ration_widgets(*world, {gamma, delta});
        const double sold_gamma = step.quarter.quantity[product(step.world, "widget-gamma")];
        const double sold_delta = step.quarter.quantity[product(step.world, "widget-delta")];
        CAPTURE(gamma, delta, world == &agents);
        CHECK(sold_gamma <= gamma * (1.0 + 1e-9));
        CHECK(sold_delta <= delta * (1.0 + 1e-9));
        // A sold-out seller serves all it can: but for a fraction of an agent in each account.
        const double unit = world == &agents ? 2.0 * 120.0 / 5000.0 : 1e-9;
        CHECK(sold_gamma >= gamma - unit * 1.000001);
      }
    }
  }
}

TEST_CASE("what is sold out has no probability, the others share it", "[unit]") {
  const World world = build_small();
  const Step step = run_quarters(world, 1)[0];
  const Eigen::Index m = test::market(world, "widget");
  const Eigen::ArrayXXd all = choice_probability(step.world, step.quarter, m, {false, false});
  const Eigen::ArrayXXd without = choice_probability(step.world, step.quarter, m, {false, true});
  CHECK((all.colwise().sum() - 1.0).abs().maxCoeff() < 1e-14);
  CHECK((without.colwise().sum() - 1.0).abs().maxCoeff() < 1e-14);
  CHECK(without.row(1).maxCoeff() == 0.0);
  // Without nests the odds of what is left stay as they were.
  for (Eigen::Index cell = 0; cell < 2; ++cell) {
    CHECK(without(0, cell) / without(2, cell) ==
          Approx(all(0, cell) / all(2, cell)).epsilon(1e-12));
  }
}

TEST_CASE("without an outside good buyers whose choice is sold out go without", "[unit]") {
  const Step step = run_quarters(build_small(), 1)[0];
  const Eigen::Index m = test::market(step.world, "guide");
  const Eigen::ArrayXXd none = choice_probability(step.world, step.quarter, m, {true, true});
  CHECK(none.row(2).minCoeff() == 1.0);
  const Eigen::ArrayXXd one = choice_probability(step.world, step.quarter, m, {true, false});
  CHECK(one.row(1).minCoeff() == Approx(1.0).epsilon(1e-15));
}
