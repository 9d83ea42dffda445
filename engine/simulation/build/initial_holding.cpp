#include "engine/simulation/build/initial_holding.hpp"

#include <Eigen/LU>

namespace entente::simulation {

Eigen::MatrixXd stationary_holding(const population::Cells& cells,
                                   const Eigen::Ref<const Eigen::ArrayXXd>& probability,
                                   const population::Activity& activity,
                                   population::WithoutPurchase rule) {
  const Eigen::Index states = cells.products + 1;
  const Eigen::Index none = cells.products;
  Eigen::MatrixXd holding(cells.types, states);
  for (Eigen::Index type = 0; type < cells.types; ++type) {
    // h' = h·K + newcomers, with K the fate of those who were there.
    Eigen::MatrixXd fate(states, states);
    for (Eigen::Index held = 0; held < states; ++held) {
      Eigen::RowVectorXd next =
          activity.hazard * probability.col(cells.of(type, held)).matrix().transpose();
      if (rule == population::WithoutPurchase::keeps) {
        const double without = next[none];
        next[none] = 0.0;
        next[held] += without;
      }
      next[held] += 1.0 - activity.hazard;
      fate.row(held) = (1.0 - activity.newcomers) * next;
    }
    const Eigen::RowVectorXd arrivals =
        activity.newcomers * probability.col(cells.of(type, none)).matrix().transpose();
    Eigen::MatrixXd system = Eigen::MatrixXd::Identity(states, states) - fate.transpose();
    Eigen::VectorXd right = arrivals.transpose();
    // Without newcomers the balance equations are dependent: the total closes them.
    system.row(none).setOnes();
    right[none] = 1.0;
    holding.row(type) = system.partialPivLu().solve(right).cwiseMax(0.0).transpose();
    holding.row(type) /= holding.row(type).sum();
  }
  return holding;
}

Eigen::VectorXd rake_holding(const population::Cells& cells, Eigen::MatrixXd holding,
                             const Eigen::Ref<const Eigen::VectorXd>& type_weight,
                             const Eigen::Ref<const Eigen::VectorXd>& base) {
  constexpr int sweeps = 500;
  constexpr double close = 1e-15;
  for (int sweep = 0; sweep < sweeps; ++sweep) {
    for (Eigen::Index type = 0; type < holding.rows(); ++type) {
      holding.row(type) *= type_weight[type] / holding.row(type).sum();
    }
    double miss = 0.0;
    for (Eigen::Index held = 0; held < holding.cols(); ++held) {
      const double total = holding.col(held).sum();
      if (total <= 0.0) {
        holding.col(held) = base[held] * type_weight;
        continue;
      }
      miss = std::max(miss, std::abs(total - base[held]));
      holding.col(held) *= base[held] / total;
    }
    if (miss < close) break;
  }
  Eigen::VectorXd cell(cells.count());
  for (Eigen::Index type = 0; type < holding.rows(); ++type) {
    for (Eigen::Index held = 0; held < holding.cols(); ++held) {
      cell[cells.of(type, held)] = holding(type, held);
    }
  }
  return cell;
}

}  // namespace entente::simulation
