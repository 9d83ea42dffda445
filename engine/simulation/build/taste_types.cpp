#include "engine/simulation/build/taste_types.hpp"

#include <Eigen/Eigenvalues>
#include <cmath>
#include <utility>

#include "engine/market/elementary.hpp"

namespace entente::simulation {

namespace {

struct Quadrature {
  Eigen::VectorXd node;    // ascending
  Eigen::VectorXd weight;  // sums to 1

  Eigen::VectorXd below() const {
    Eigen::VectorXd sums = Eigen::VectorXd::Zero(weight.size());
    for (Eigen::Index k = 1; k < weight.size(); ++k)
      sums[k] = sums[k - 1] + weight[k - 1];
    return sums;
  }
  /// Weights are the same from both ends.
  Eigen::VectorXd above() const { return below().reverse(); }
};

/// Of the standard normal distribution.
Quadrature gauss_hermite(int count) {
  Eigen::MatrixXd jacobi = Eigen::MatrixXd::Zero(count, count);
  for (int k = 1; k < count; ++k) {
    jacobi(k, k - 1) = std::sqrt(static_cast<double>(k));
    jacobi(k - 1, k) = jacobi(k, k - 1);
  }
  const Eigen::SelfAdjointEigenSolver<Eigen::MatrixXd> solver(jacobi);
  Quadrature rule{solver.eigenvalues(),
                  solver.eigenvectors().row(0).array().square().matrix().transpose()};
  rule.weight /= rule.weight.sum();
  return rule;
}

/// Every type of before with every node of one more direction.
void cross(const Quadrature& rule, TasteTypes& types) {
  const Eigen::Index before = types.weight.size();
  const Eigen::Index count = rule.node.size();
  const Eigen::Index directions = types.node.cols();
  TasteTypes crossed;
  crossed.weight.resize(before * count);
  crossed.node.resize(before * count, directions + 1);
  crossed.below = crossed.node;
  crossed.above = crossed.node;
  const Eigen::VectorXd below = rule.below();
  const Eigen::VectorXd above = rule.above();
  for (Eigen::Index type = 0; type < before; ++type) {
    for (Eigen::Index k = 0; k < count; ++k) {
      const Eigen::Index to = type * count + k;
      crossed.weight[to] = types.weight[type] * rule.weight[k];
      crossed.node.row(to).head(directions) = types.node.row(type);
      crossed.node(to, directions) = rule.node[k];
      crossed.below.row(to).head(directions) = types.below.row(type);
      crossed.below(to, directions) = below[k];
      crossed.above.row(to).head(directions) = types.above.row(type);
      crossed.above(to, directions) = above[k];
    }
  }
  types = std::move(crossed);
}

}  // namespace

TasteTypes make_taste_types(int price_nodes, double spread, const std::vector<int>& taste_nodes) {
  const Quadrature price = gauss_hermite(price_nodes);
  TasteTypes types;
  types.weight = price.weight;
  types.node = price.node;
  types.below = price.below();
  types.above = price.above();
  for (const int nodes : taste_nodes)
    cross(gauss_hermite(nodes), types);
  const auto sensitivity = [&](const Eigen::VectorXd& node) -> Eigen::VectorXd {
    return (spread * node).unaryExpr(&market::deterministic_exp);
  };
  types.normaliser = price.weight.dot(sensitivity(price.node));
  types.multiplier = sensitivity(types.node.col(0)) / types.normaliser;
  return types;
}

}  // namespace entente::simulation
