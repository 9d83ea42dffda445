#include "engine/simulation/supply/generation.hpp"

#include <cmath>

#include "tests/catch.hpp"
#include "tests/unit/engine/simulation/small_world.hpp"

using namespace entente::test;
using namespace entente::simulation;

namespace {

/// Generations made from quarters 0, 4 and 8 on.
Economy three_generations() {
  Economy economy;
  Market market;
  market.generations = {0, 1, 2};
  economy.markets = {market};
  economy.generations = {{"first", 0, 0}, {"second", 0, 4}, {"third", 0, 8}};
  return economy;
}

/// Half of it has moved to the second in quarter 6; of that, half to the third in quarter 12.
Input moving_input() {
  Input input;
  input.adoption = {{6.0, 2.0}, {12.0, 1.0}};
  return input;
}

}  // namespace

TEST_CASE("a market without generations has one that is always made", "[unit]") {
  Economy economy;
  economy.markets.resize(1);
  CHECK(is_made(economy, economy.markets[0], 0, 0));
  CHECK(generation_mix(economy, Input{}, 7) == Eigen::VectorXd::Ones(1));
}

TEST_CASE("a generation is made from its start on", "[unit]") {
  const Economy economy = three_generations();
  CHECK(is_made(economy, economy.markets[0], 0, 0));
  CHECK_FALSE(is_made(economy, economy.markets[0], 1, 3));
  CHECK(is_made(economy, economy.markets[0], 1, 4));
  CHECK_FALSE(is_made(economy, economy.markets[0], 2, 7));
}

TEST_CASE("an input is of nothing that is not made yet", "[unit]") {
  const Economy economy = three_generations();
  const Input input = moving_input();
  CHECK(generation_mix(economy, input, 3) == Eigen::Vector3d(1.0, 0.0, 0.0));
  // Odds of e to one against the second a width before its midpoint.
  const Eigen::VectorXd mix = generation_mix(economy, input, 4);
  CHECK(mix[1] == Approx(1.0 / (1.0 + std::exp(1.0))).epsilon(1e-14));
  CHECK(mix[2] == 0.0);
}

TEST_CASE("each generation takes over from the one before it", "[unit]") {
  const Economy economy = three_generations();
  const Input input = moving_input();
  CHECK(generation_mix(economy, input, 6) == Eigen::Vector3d(0.5, 0.5, 0.0));
  // Three widths past the second's midpoint and at the third's.
  const Eigen::VectorXd mix = generation_mix(economy, input, 12);
  const double later = 1.0 / (1.0 + std::exp(-3.0));
  CHECK(mix[0] == Approx(1.0 - later).epsilon(1e-14));
  CHECK(mix[1] == Approx(later / 2.0).epsilon(1e-14));
  CHECK(mix[2] == Approx(later / 2.0).epsilon(1e-14));
}

TEST_CASE("an input's mix of generations sums to one in every quarter", "[unit]") {
  const Economy economy = three_generations();
  for (int quarter = 0; quarter < 40; ++quarter) {
    const Eigen::VectorXd mix = generation_mix(economy, moving_input(), quarter);
    CAPTURE(quarter);
    CHECK(mix.minCoeff() >= 0.0);
    CHECK(mix.sum() == Approx(1.0).epsilon(1e-14));
  }
}

TEST_CASE("a link's access counts by what its buyer's input is of", "[unit]") {
  World world = build_small(R"(
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
[[link]]
id = "beta-to-gamma"
qualified = ["old", "new"]
)");
  const Eigen::Index alpha = link(world, "alpha-to-gamma");
  CHECK(mean_access(world, alpha) == 1.0);
  world.quarter = 4;  // half and half
  CHECK(mean_access(world, alpha) == Approx(0.5).epsilon(1e-14));
  CHECK(mean_access(world, link(world, "beta-to-gamma")) == Approx(1.0).epsilon(1e-14));
  // Nothing of delta's input moves on, and the residual buyer stays with the first.
  CHECK(mean_access(world, link(world, "beta-to-delta")) == 1.0);
  CHECK(mean_access(world, link(world, "alpha-to-delta")) == 0.0);
  CHECK(mean_access(world, link(world, "alpha-to-rest")) == 1.0);
  world.link_access(alpha, 1) = 0.25;
  CHECK(mean_access(world, alpha) == Approx(0.625).epsilon(1e-14));
}
