#include "engine/simulation/steps/ration.hpp"

#include <cmath>
#include <limits>

#include "engine/simulation/markets/consumer_choice.hpp"
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
  const auto drawn_as = [](const std::string& representation) {
    auto sets = held_prices();
    sets.emplace_back("population.representation=" + representation);
    sets.emplace_back("population.agents=5000");
    return build_small({}, sets);
  };
  const World agents = drawn_as("agents");
  const World counts = drawn_as("counts");
  for (const World* world : {&types, &agents, &counts}) {
    for (const double gamma : {0.5, 10.0, 30.0, 39.0}) {
      for (const double delta : {0.5, 5.0, 15.0, 21.0}) {
        const Step step = ration_widgets(*world, {gamma, delta});
        const double sold_gamma = step.quarter.quantity[product(step.world, "widget-gamma")];
        const double sold_delta = step.quarter.quantity[product(step.world, "widget-delta")];
        CAPTURE(gamma, delta, world == &agents, world == &counts);
        CHECK(sold_gamma <= gamma * (1.0 + 1e-9));
        CHECK(sold_delta <= delta * (1.0 + 1e-9));
        // A sold-out seller serves all it can: but for a fraction of a consumer in each account.
        const double unit = world == &types ? 1e-9 : 2.0 * 120.0 / 5000.0;
        CHECK(sold_gamma >= gamma - unit * 1.000001);
      }
    }
  }
}

TEST_CASE("what is sold out is not chosen again, the others share it", "[unit]") {
  const Step step = run_quarters(build_small(), 1)[0];
  World world = step.next;  // its accounts are seated
  const Eigen::Index m = test::market(world, "widget");
  const population::Draws draws{1, 0};
  const population::Purchases all = choose_products(world, step.quarter, m, draws);
  population::Purchases without = all;
  Eigen::ArrayXXd served(2, 2);
  served << 1.0, 0.0, 1.0, 0.0;
  choose_again(world, step.quarter, m, {false, true}, served, draws, 1, without);
  CHECK(all.flow.minCoeff() > 0.0);
  CHECK(without.flow.col(1).maxCoeff() == 0.0);
  CHECK((without.flow.rowwise().sum() - all.flow.rowwise().sum()).cwiseAbs().maxCoeff() < 1e-14);
  // Without nests the odds of what is left stay as they were.
  for (Eigen::Index cell = 0; cell < 2; ++cell) {
    CHECK(without.flow(cell, 0) / without.flow(cell, 2) ==
          Approx(all.flow(cell, 0) / all.flow(cell, 2)).epsilon(1e-12));
  }
}

TEST_CASE("without an outside good buyers whose choice is sold out go without", "[unit]") {
  const Step step = run_quarters(build_small(), 1)[0];
  World world = step.next;  // its accounts are seated
  const Eigen::Index m = test::market(world, "guide");
  const population::Draws draws{1, 0};
  const population::Purchases all = choose_products(world, step.quarter, m, draws);
  CHECK(all.flow.leftCols(2).minCoeff() > 0.0);
  Eigen::ArrayXXd served = Eigen::ArrayXXd::Zero(all.flow.rows(), 2);
  population::Purchases none = all;
  choose_again(world, step.quarter, m, {true, true}, served, draws, 1, none);
  CHECK((none.flow.col(2) - all.flow.rowwise().sum()).cwiseAbs().maxCoeff() < 1e-14);
  served.col(1).setOnes();
  population::Purchases one = all;
  choose_again(world, step.quarter, m, {true, false}, served, draws, 1, one);
  CHECK((one.flow.col(1) - all.flow.rowwise().sum()).cwiseAbs().maxCoeff() < 1e-14);
}
