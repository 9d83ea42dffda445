#include "engine/simulation/behaviour/capacity_rule.hpp"

#include <cmath>

#include "engine/simulation/behaviour/expectation.hpp"
#include "tests/catch.hpp"
#include "tests/unit/engine/simulation/small_world.hpp"

using namespace entente::simulation;
using namespace entente::test;

namespace {

/// Part beta starts with a capacity of 40 and gets the same orders every quarter. Its capacity at
/// the start of quarters 1, 2, …
std::vector<double> capacities(double orders, int quarters, const std::vector<std::string>& sets) {
  World world = build_small({}, sets);
  const Eigen::Index p = product(world, "part-beta");
  Quarter quarter;
  quarter.activity.assign(world.economy->markets.size(), {1.0, 0.0});
  quarter.orders = Eigen::VectorXd::Constant(world.price.size(), orders);
  std::vector<double> result;
  for (int t = 0; t < quarters; ++t) {
    World next = world;
    ++next.quarter;
    learn_from_orders(world, quarter, next);
    expand_capacity(world, quarter, next);
    world = next;
    result.push_back(world.capacity[p]);
  }
  return result;
}

}  // namespace

TEST_CASE("planned capacity follows its path and its backlog at once without a lag", "[unit]") {
  const auto capacity = capacities(
      60.0, 1,
      {"product.part-beta.capacity_growth=0.1", "product.part-beta.capacity_response=0.5"});
  CHECK(capacity[0] == Approx(44.0 * std::sqrt(1.5)));
}

TEST_CASE("ordered capacity comes after its lag, and is not ordered twice", "[unit]") {
  const auto capacity = capacities(
      60.0, 5, {"product.part-beta.build_lag=2", "product.part-beta.capacity_response=0.5"});
  const double gap = std::log(1.5);
  CHECK(capacity[0] == 40.0);
  CHECK(capacity[1] == 40.0);
  // Half of the gap was ordered in quarter 0, half of what was left in quarter 1.
  CHECK(capacity[2] == Approx(40.0 * std::exp(gap / 2.0)));
  CHECK(capacity[3] == Approx(40.0 * std::exp(gap * 3.0 / 4.0)));
  CHECK(capacity[4] == Approx(40.0 * std::exp(gap * 7.0 / 8.0)));
}

TEST_CASE("capacity for expected orders closes its part of the gap", "[unit]") {
  const std::vector<std::string> sets = {
      "firm.beta.capacity=expected", "firm.beta.capacity_utilisation=0.8",
      "firm.beta.capacity_speed=0.5", "product.part-beta.capacity_growth=0.1"};
  // Naive: 40 expected, 50 wanted, 44 planned.
  CHECK(capacities(40.0, 1, sets)[0] == Approx(44.0 * std::sqrt(50.0 / 44.0)));
  // Never below the planned path.
  CHECK(capacities(10.0, 1, sets)[0] == Approx(44.0));
}

TEST_CASE("a maker with a lag builds for the orders that it expects at its end", "[unit]") {
  const std::vector<std::string> sets = {"firm.beta.capacity=expected",
                                         "firm.beta.capacity_utilisation=1",
                                         "firm.beta.capacity_speed=1",
                                         "firm.beta.expectations=trend",
                                         "product.part-beta.build_lag=2",
                                         "product.part-beta.expected_growth=0.1",
                                         "product.part-beta.capacity_growth=0.05"};
  const auto capacity = capacities(40.0, 3, sets);
  CHECK(capacity[1] == Approx(40.0 * std::pow(1.05, 2)));
  // In quarter 3, after growth of 0.1 three times from 40 in quarter 0.
  CHECK(capacity[2] == Approx(40.0 * std::pow(1.1, 3)));
}

TEST_CASE("a product without a limit stays without", "[unit]") {
  World world = build_small({}, {"firm.alpha.capacity=expected"});
  const auto steps = run_quarters(world, 3);
  CHECK(std::isinf(steps[2].next.capacity[product(world, "gadget-alpha")]));
}
