#include "engine/simulation/build/taste_types.hpp"

#include <algorithm>
#include <array>
#include <cmath>
#include <utility>

#include "tests/catch.hpp"

using namespace entente::simulation;

TEST_CASE("weights of taste types sum to 1 and sensitivities have mean 1", "[unit]") {
  for (int count = 1; count <= 9; ++count) {
    for (const double spread : {0.0, 0.25, 1.0}) {
      const TasteTypes types = make_taste_types(count, spread);
      REQUIRE(types.weight.size() == count);
      CHECK(types.weight.minCoeff() > 0.0);
      CHECK(types.weight.sum() == Approx(1.0).epsilon(1e-14));
      CHECK(types.weight.dot(types.multiplier) == Approx(1.0).epsilon(1e-14));
    }
  }
}

// He3 has the roots 0 and ±√3 with weights 2/3 and 1/6.
TEST_CASE("three taste types are the Gauss-Hermite nodes", "[unit]") {
  constexpr double spread = 0.25;
  const TasteTypes types = make_taste_types(3, spread);
  std::array<std::pair<double, double>, 3> nodes;
  for (Eigen::Index t = 0; t < 3; ++t) {
    nodes[static_cast<std::size_t>(t)] = {types.multiplier[t], types.weight[t]};
  }
  std::sort(nodes.begin(), nodes.end());
  const double high = std::exp(spread * std::sqrt(3.0));
  const double mean = (1.0 / high + 4.0 + high) / 6.0;
  CHECK(nodes[0].first == Approx(1.0 / high / mean).epsilon(1e-13));
  CHECK(nodes[1].first == Approx(1.0 / mean).epsilon(1e-13));
  CHECK(nodes[2].first == Approx(high / mean).epsilon(1e-13));
  CHECK(nodes[0].second == Approx(1.0 / 6.0).epsilon(1e-13));
  CHECK(nodes[1].second == Approx(2.0 / 3.0).epsilon(1e-13));
  CHECK(nodes[2].second == Approx(1.0 / 6.0).epsilon(1e-13));
}

TEST_CASE("types of several tastes are all combinations", "[unit]") {
  const TasteTypes types = make_taste_types(2, 0.5, {3, 2});
  REQUIRE(types.weight.size() == 12);
  CHECK(types.weight.sum() == Approx(1.0).epsilon(1e-14));
  CHECK(types.weight.dot(types.multiplier) == Approx(1.0).epsilon(1e-14));
  CHECK(types.normaliser == Approx(std::cosh(0.5)).epsilon(1e-14));
  // Independent standard normals: means 0, covariance the identity.
  const Eigen::MatrixXd covariance =
      types.node.transpose() * types.weight.asDiagonal() * types.node;
  CHECK((covariance - Eigen::MatrixXd::Identity(3, 3)).cwiseAbs().maxCoeff() < 1e-14);
  CHECK((types.node.transpose() * types.weight).cwiseAbs().maxCoeff() < 1e-14);
  // The last taste runs fastest.
  CHECK(types.node.row(0).head(2) == types.node.row(1).head(2));
  CHECK(types.node(0, 2) < types.node(1, 2));
}

// E[exp(2·spread·Z)] / E[exp(spread·Z)]² = exp(spread²) for a lognormal; nine nodes are exact to
// 1e-9.
TEST_CASE("many taste types have the lognormal's variance", "[unit]") {
  const TasteTypes types = make_taste_types(9, 0.3);
  const double second = types.weight.dot(types.multiplier.cwiseAbs2());
  CHECK(second == Approx(std::exp(0.09)).epsilon(1e-9));
}
