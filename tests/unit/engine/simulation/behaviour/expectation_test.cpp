#include "engine/simulation/behaviour/expectation.hpp"

#include <cmath>
#include <stdexcept>

#include "tests/catch.hpp"
#include "tests/unit/engine/simulation/small_world.hpp"

using namespace entente::simulation;
using namespace entente::test;

namespace {

/// Firm alpha's part business in quarter 1 after orders of 100, then 110: gain 0.5.
World after_two_quarters(const std::string& rule, const std::vector<std::string>& more = {}) {
  std::vector<std::string> sets = {"firm.alpha.expectations=" + rule,
                                   "firm.alpha.expectation_gain=0.5",
                                   "product.part-alpha.expected_growth=0.2"};
  sets.insert(sets.end(), more.begin(), more.end());
  World world = build_small({}, sets);
  const Eigen::Index p = product(world, "part-alpha");
  Quarter quarter;
  quarter.activity.assign(world.economy->markets.size(), {1.0, 0.0});
  world.outlook.orders[p] = 100.0;
  world.outlook.level[p] = 100.0;
  for (const double orders : {100.0, 110.0}) {
    quarter.orders = Eigen::VectorXd::Constant(world.price.size(), orders);
    World next = world;
    ++next.quarter;
    learn_from_orders(world, quarter, next);
    world = next;
  }
  return world;
}

double expected(const World& world, int ahead) {
  return expected_orders(world, product(world, "part-alpha"), ahead);
}

}  // namespace

TEST_CASE("in quarter 0 every rule expects the observed orders", "[unit]") {
  for (const char* rule : {"naive", "adaptive", "trend", "switching"}) {
    const World world = build_small({}, {std::string("firm.alpha.expectations=") + rule});
    CHECK(expected(world, 0) == Approx(48.0).epsilon(1e-12));
    CHECK(expected(world, 3) == Approx(48.0).epsilon(1e-12));
  }
}

TEST_CASE("naive sellers expect the last quarter again", "[unit]") {
  const World world = after_two_quarters("naive");
  CHECK(expected(world, 0) == 110.0);
  CHECK(expected(world, 4) == 110.0);
}

TEST_CASE("adaptive sellers close their gain of the error", "[unit]") {
  const World world = after_two_quarters("adaptive");
  CHECK(expected(world, 0) == Approx(105.0));  // 100 + 0.5 (110 − 100)
  CHECK(expected(world, 4) == Approx(105.0));
}

TEST_CASE("trend followers carry the smoothed growth on from the last quarter", "[unit]") {
  const World world = after_two_quarters("trend");
  // Growth begins at ln 1.2; quarter 0 shows none; then ln 1.1 counts half.
  const double growth = 0.5 * std::log(1.2) + 0.5 * std::log(1.1);
  CHECK(expected(world, 0) == Approx(110.0 * std::exp(growth)));
  CHECK(expected(world, 2) == Approx(110.0 * std::exp(3.0 * growth)));
}

TEST_CASE("a trend follower's expected growth counts from the observed quarter 0", "[unit]") {
  const World world =
      build_small({}, {"firm.alpha.expectations=trend", "product.part-alpha.expected_growth=0.2"});
  CHECK(expected(world, 2) == Approx(48.0 * 1.2 * 1.2));
}

TEST_CASE("switching sellers weigh the rules by their past squared errors", "[unit]") {
  const World world = after_two_quarters(
      "switching", {"firm.alpha.switching_intensity=0.01", "firm.alpha.switching_memory=0"});
  // Forecasts of the 110 were 100, 100 and 100·1.2.
  const double flat = std::pow(100.0 * std::log(1.1), 2);
  const double trend = std::pow(100.0 * std::log(110.0 / 120.0), 2);
  const double growth = 0.5 * std::log(1.2) + 0.5 * std::log(1.1);
  const double w_flat = std::exp(-0.01 * flat);
  const double w_trend = std::exp(-0.01 * trend);
  const double mean = (w_flat * 110.0 + w_flat * 105.0 + w_trend * 110.0 * std::exp(growth)) /
                      (2.0 * w_flat + w_trend);
  CHECK(expected(world, 0) == Approx(mean));
}

TEST_CASE("without intensity the switching forecast is the mean of the rules", "[unit]") {
  const World world = after_two_quarters("switching", {"firm.alpha.switching_intensity=0"});
  const double growth = 0.5 * std::log(1.2) + 0.5 * std::log(1.1);
  CHECK(expected(world, 0) == Approx((110.0 + 105.0 + 110.0 * std::exp(growth)) / 3.0));
}

TEST_CASE("a first order is a product's level, and no order shows no growth", "[unit]") {
  World world = build_small({}, {"firm.alpha.expectations=adaptive"});
  const Eigen::Index p = product(world, "part-alpha");
  Quarter quarter;
  quarter.activity.assign(world.economy->markets.size(), {1.0, 0.0});
  world.quarter = 3;
  world.outlook.orders[p] = 0.0;
  world.outlook.level[p] = 0.0;
  quarter.orders = Eigen::VectorXd::Constant(world.price.size(), 7.0);
  World next = world;
  learn_from_orders(world, quarter, next);
  CHECK(expected(next, 0) == 7.0);
  CHECK(next.outlook.growth[p] == 0.0);
  quarter.orders.setZero();
  World after = next;
  learn_from_orders(next, quarter, after);
  CHECK(expected(after, 0) == Approx(4.9));  // gain 0.3
}

TEST_CASE("orders of a busy season count at the mean activity", "[unit]") {
  World world = build_small();
  const Eigen::Index p = product(world, "gadget-alpha");
  Quarter quarter;
  quarter.activity.assign(world.economy->markets.size(), {1.0, 0.0});
  quarter.activity[static_cast<std::size_t>(market(world, "gadget"))].hazard = 0.125;
  quarter.orders = Eigen::VectorXd::Constant(world.price.size(), 60.0);
  World next = world;
  learn_from_orders(world, quarter, next);
  CHECK(expected_orders(next, p, 0) == Approx(48.0));  // turnover 0.1
}

TEST_CASE("nobody expects the past", "[unit]") {
  CHECK_THROWS_AS(expected(build_small(), -1), std::invalid_argument);
}
