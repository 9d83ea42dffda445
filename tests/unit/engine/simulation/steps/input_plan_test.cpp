#include "engine/simulation/steps/input_plan.hpp"

#include <cmath>

#include "tests/catch.hpp"
#include "tests/unit/engine/simulation/small_world.hpp"

using namespace entente::test;
using namespace entente::simulation;

namespace {

constexpr Eigen::Index of_gamma = 1;  // inputs are ordered by id

/// Gamma, of whose widgets 40 are sold, buys its parts two quarters ahead. It has half a quarter's
/// use in stock and wants one and a half.
World buying_ahead(const std::string& more = {}) {
  return build_small(R"(
[[input]]
id = "part-in-gamma"
lead = 2
initial_cover = 0.5
cover = 1.5
stock_adjustment = 0.4
due_growth = 0.1
)" + more);
}

double order(const World& world, double per_unit = 1.0) {
  Quarter quarter = expectations(world);
  quarter.input_use = Eigen::VectorXd::Constant(2, per_unit);
  return planned_order(world, quarter, of_gamma);
}

const std::string one_line = R"(
[[resource]]
id = "line"
name = "Line"
market = "widget"
use = [{ product = "widget-gamma", per_unit = 2 }, { product = "widget-delta", per_unit = 1 }]
)";

}  // namespace

TEST_CASE("orders placed before quarter 0 grow at the input's rate", "[unit]") {
  const World world = buying_ahead();
  const Eigen::MatrixXd due = initial_orders_due(world);
  REQUIRE(due.cols() == 2);
  const auto alpha = due.row(link(world, "alpha-to-gamma"));
  CHECK(alpha[0] == Approx(30.0).epsilon(1e-14));
  CHECK(alpha[1] == Approx(33.0).epsilon(1e-14));
  CHECK(due(link(world, "beta-to-gamma"), 1) == Approx(11.0).epsilon(1e-14));
  // Delta orders for the same quarter, and the residual buyer too.
  CHECK(due.row(link(world, "beta-to-delta")).isZero(0.0));
  CHECK(due.row(link(world, "alpha-to-rest")).isZero(0.0));
}

TEST_CASE("an order covers later use and closes part of the gap in stock", "[unit]") {
  // 20 in stock and 84 due, less 80 used before it arrives, leave 24 of 60 wanted: 40 + 0.4·36.
  CHECK(order(buying_ahead()) == Approx(54.4).epsilon(1e-13));
  // At 1.2 parts a widget 8 are left of 72 wanted: 48 + 0.4·64.
  CHECK(order(buying_ahead(), 1.2) == Approx(73.6).epsilon(1e-13));
}

TEST_CASE("nobody sells back what it has too much of", "[unit]") {
  World world = buying_ahead();
  world.input_stock[of_gamma] = 95.9;  // an order of 24.04
  CHECK(order(world) == Approx(24.04).epsilon(1e-13));
  world.input_stock[of_gamma] = 500.0;
  CHECK(order(world) == 0.0);
}

TEST_CASE("a maker expects to make no more than its capacity on its planned path", "[unit]") {
  const auto expected = [](const std::string& more) {
    World world = build_small("[[firm]]\nid = \"gamma\"\nexpectations = \"trend\"\n" + more);
    const Eigen::Index gamma = product(world, "widget-gamma");
    world.outlook.growth[gamma] = std::log(1.1);
    return expected_production(world, expectations(world), gamma, 2);
  };
  CHECK(expected("") == Approx(48.4).epsilon(1e-12));
  CHECK(expected("[[product]]\nid = \"widget-gamma\"\ncapacity = 44\n") ==
        Approx(44.0).epsilon(1e-12));
  // 44·1.02².
  CHECK(expected("[[product]]\nid = \"widget-gamma\"\ncapacity = 44\ncapacity_growth = 0.02\n") ==
        Approx(45.7776).epsilon(1e-12));
}

TEST_CASE("makers expect a shared resource to be rationed pro rata", "[unit]") {
  World world = build_small(one_line);  // full in quarter 0: 2·40 + 20
  const Eigen::Index gamma = product(world, "widget-gamma");
  const Eigen::Index delta = product(world, "widget-delta");
  world.outlook.orders[gamma] = world.outlook.level[gamma] = 60.0;
  world.outlook.orders[delta] = world.outlook.level[delta] = 30.0;
  CHECK(expected_production(world, expectations(world), gamma, 0) == Approx(40.0).epsilon(1e-12));
  CHECK(expected_production(world, expectations(world), delta, 0) == Approx(20.0).epsilon(1e-12));
  world.resource_capacity[0] = 400.0;
  CHECK(expected_production(world, expectations(world), gamma, 0) == Approx(60.0).epsilon(1e-12));
}

TEST_CASE("a shared resource is expected to grow as planned", "[unit]") {
  World world = build_small(one_line + "growth = 0.2\ngrowth_fade = 0.5\n");
  const Eigen::Index gamma = product(world, "widget-gamma");
  for (const Eigen::Index p : {gamma, product(world, "widget-delta")})
    world.outlook.orders[p] = world.outlook.level[p] = 2.0 * world.outlook.orders[p];
  // Of 200 wanted there are 100·1.2·1.1 = 132.
  CHECK(expected_production(world, expectations(world), gamma, 2) ==
        Approx(80.0 * 0.66).epsilon(1e-12));
}
