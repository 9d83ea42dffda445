#pragma once

#include <Eigen/Core>
#include <vector>

#include "engine/market/cell_shares.hpp"

namespace entente::market {

/// Finds the mean utilities at which cells of buyers together choose observed shares (Berry 1994;
/// Berry, Levinsohn & Pakes 1995), by Newton's method on log shares with their contraction as
/// safeguard. Without an outside good the mean utility of the largest product stays as it is.
class ShareInversion {
 public:
  /// weight: C, sums to 1. target_share: J, > 0 where offered (J flags), 0 elsewhere. nest: J, nest
  /// of each product, empty for one nest.
  ShareInversion(const Eigen::ArrayXd& weight, const Eigen::VectorXd& target_share,
                 const Eigen::VectorXi& offered, Eigen::VectorXi nest, bool outside_good);

  /// nesting: G, λ. base: C×J, utility without the mean utility. mean_utility: J, start and result.
  /// Throws NoConvergence.
  void solve(const Eigen::Ref<const Eigen::VectorXd>& nesting, const CellArray& base,
             Eigen::VectorXd& mean_utility);

  CellShares cells;  // at the result

 private:
  double evaluate(const Eigen::VectorXd& mean_utility);
  double compute_slope(Eigen::Index j, Eigen::Index k) const;
  void compute_newton_step();

  CellArray weight_;      // C
  CellArray unit_slope_;  // C, −1: δ enters utility like a price of sensitivity −1
  Eigen::VectorXd target_share_;
  std::vector<Eigen::Index> solved_;  // products whose mean utility is unknown
  Eigen::Index reference_ = -1;       // product with given utility, −1 for the outside good
  double target_rest_ = 0.0;
  Eigen::VectorXi nest_;
  CellArray scaled_base_;   // C×J, utility/λ without the mean utility
  Eigen::VectorXd share_;   // J
  double rest_ = 0.0;       // share of the outside good or of the reference
  double rest_miss_ = 0.0;  // of ln rest
  Eigen::VectorXd miss_;    // of ln(share/rest), in order of solved_
  Eigen::VectorXd step_;    // likewise
  Eigen::MatrixXd slope_;
};

}  // namespace entente::market
