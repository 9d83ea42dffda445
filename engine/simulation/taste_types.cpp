#include "engine/simulation/taste_types.hpp"

#include <Eigen/Eigenvalues>
#include <cmath>

#include "engine/market/elementary.hpp"

namespace entente::simulation {

TasteTypes make_taste_types(int count, double spread) {
  Eigen::MatrixXd jacobi = Eigen::MatrixXd::Zero(count, count);
  for (int k = 1; k < count; ++k) {
    jacobi(k, k - 1) = std::sqrt(static_cast<double>(k));
    jacobi(k - 1, k) = jacobi(k, k - 1);
  }
  const Eigen::SelfAdjointEigenSolver<Eigen::MatrixXd> solver(jacobi);
  TasteTypes types;
  types.weight = solver.eigenvectors().row(0).array().square().matrix().transpose();
  types.multiplier = (spread * solver.eigenvalues()).unaryExpr(&market::deterministic_exp);
  types.weight /= types.weight.sum();
  types.multiplier /= types.weight.dot(types.multiplier);
  return types;
}

}  // namespace entente::simulation
