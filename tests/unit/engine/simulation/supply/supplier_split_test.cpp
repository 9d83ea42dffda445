#include "engine/simulation/supply/supplier_split.hpp"

#include "tests/catch.hpp"
#include "tests/unit/engine/simulation/small_world.hpp"

using namespace entente::test;
using namespace entente::simulation;

namespace {

/// Parts of two generations; in quarter 4 gamma's and delta's parts are half of the new one.
/// Parts of alpha are of the old one unless `more` qualifies them.
World two_generations(const std::string& more = {}) {
  World world = build_small(R"(
[[market]]
id = "part"
supplier_elasticity = -2
[[generation]]
id = "old"
market = "part"
start = "2023Q1"
[[generation]]
id = "new"
market = "part"
start = "2024Q3"
[[input]]
id = "part-in-gamma"
adoption = [{ generation = "new", half = "2025Q1", width = 2 }]
[[input]]
id = "part-in-delta"
adoption = [{ generation = "new", half = "2025Q1", width = 2 }]
)" + more);
  world.quarter = 4;
  return world;
}

const std::string beta_makes_both =
    "[[link]]\nid = \"beta-to-gamma\"\nqualified = [\"old\", \"new\"]\n";

Eigen::VectorXd split(const World& world, const char* buyer, int ahead = 0) {
  return split_over_suppliers(world, expectations(world), world.link_price, product(world, buyer),
                              market(world, "part"), ahead);
}

}  // namespace

TEST_CASE("a supplier gets only its part of the generations it is qualified for", "[unit]") {
  const World world = two_generations(beta_makes_both);
  const Eigen::VectorXd part = split(world, "widget-gamma");
  // Three quarters of the old half; all of the new half is beta's.
  CHECK(part[link(world, "alpha-to-gamma")] == Approx(0.375).epsilon(1e-13));
  CHECK(part[link(world, "beta-to-gamma")] == Approx(0.625).epsilon(1e-13));
  CHECK(part.sum() == Approx(1.0).epsilon(1e-13));
}

TEST_CASE("what nobody can supply is bought of other generations", "[unit]") {
  const World world = two_generations();
  const Eigen::VectorXd part = split(world, "widget-gamma");
  CHECK(part[link(world, "alpha-to-gamma")] == Approx(0.75).epsilon(1e-13));
  CHECK(part[link(world, "beta-to-gamma")] == Approx(0.25).epsilon(1e-13));
}

TEST_CASE("orders ahead follow the generations of the quarter they are for", "[unit]") {
  World world = two_generations(beta_makes_both);
  world.quarter = 1;
  CHECK(split(world, "widget-gamma")[link(world, "alpha-to-gamma")] == Approx(0.75).epsilon(1e-13));
  CHECK(split(world, "widget-gamma", 3)[link(world, "alpha-to-gamma")] ==
        Approx(0.375).epsilon(1e-13));
}

TEST_CASE("a dearer supplier loses share within each generation", "[unit]") {
  World world = two_generations(beta_makes_both);
  // At twice the price a quarter of the weight: 3/16 against 4/16, of the old half.
  world.link_price[link(world, "alpha-to-gamma")] *= 2.0;
  CHECK(split(world, "widget-gamma")[link(world, "alpha-to-gamma")] ==
        Approx(3.0 / 14.0).epsilon(1e-12));
}

TEST_CASE("a newcomer takes the generation that it alone can supply", "[unit]") {
  const std::string alpha_makes_new = "[[link]]\nid = \"alpha-to-delta\"\nqualified = [\"new\"]\n";
  const World world = two_generations(alpha_makes_new);
  CHECK(split(world, "widget-delta")[link(world, "alpha-to-delta")] == Approx(0.5).epsilon(1e-13));
  // Beside an incumbent it weighs as its capacity against the others': 52 to 40.
  const World both = two_generations(
      alpha_makes_new + "[[link]]\nid = \"beta-to-delta\"\nqualified = [\"old\", \"new\"]\n");
  CHECK(split(both, "widget-delta")[link(both, "alpha-to-delta")] ==
        Approx(0.5 * 1.3 / 2.3).epsilon(1e-13));
}

TEST_CASE("a supplier of none of the buyer's generations cannot supply", "[unit]") {
  World world = two_generations();
  const Terms terms = compute_terms(world);
  CHECK(can_supply(world, terms, link(world, "alpha-to-gamma")));
  CHECK_FALSE(can_supply(world, terms, link(world, "alpha-to-delta")));
  CHECK(has_suppliers(world, terms, product(world, "widget-delta")));
  world.link_access.row(link(world, "beta-to-delta")).setZero();
  CHECK_FALSE(has_suppliers(world, terms, product(world, "widget-delta")));
  CHECK(split(world, "widget-delta").sum() == 0.0);
}
