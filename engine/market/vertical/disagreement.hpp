#pragma once

#include <Eigen/Core>

#include "engine/market/vertical/link_shares.hpp"

namespace entente::market {

/// Where the buyers of a link turn when it alone is removed at the same retail prices, from a
/// nested or mixed logit. In a cell, with q what remains of the nest of i and r = 1 − s_g + s_g
/// q^λ, shares become s_j/r in other nests and s_j q^(λ−1)/r in its own; in plain logit s_j/(1 −
/// s_i). Everything is held relative to s_i, so that a vanishing link keeps its limit.
class Disagreement {
 public:
  void assign(const LinkShares& shares);

  /// Fills the members from the shares. False where a link has all buyers, to working precision.
  bool evaluate(const LinkShares& shares);

  /// Derivatives by x_k of Σ_j V_ij change_ij with V held, n×n, row k, column i. row_values: n×n,
  /// column i is V_i. rows: 1 where asked for. log_share_slope: n×n, −d ln s_i/dx_k, column i.
  void differentiate(const LinkShares& shares, const Eigen::MatrixXd& row_values,
                     const Eigen::VectorXi& rows, const Eigen::MatrixXd& log_share_slope,
                     Eigen::MatrixXd& slope);

  Eigen::MatrixXd
      change;  // n×n, row i: (s_j − s_j')/s_i; 1 on the diagonal, never above 0 elsewhere

 private:
  void compute_gains(const LinkShares& shares, Eigen::Index i, Eigen::Index c);
  void compute_kept(const LinkShares& shares, Eigen::Index i, Eigen::Index c);
  void add_slope(const LinkShares& shares, const Eigen::MatrixXd& row_values, Eigen::Index i,
                 Eigen::Index c, Eigen::MatrixXd& slope);

  bool determined_ = true;
  Eigen::ArrayXXd general_gain_;  // n×C, others gain s_i · (general_gain · s_j
  Eigen::ArrayXXd nest_gain_;     // n×C, + nest_gain · kept_j)
  Eigen::ArrayXXd rest_within_;   // n×C, q
  Eigen::VectorXd kept_;  // n, share in the nest of i once i is gone, for the current i and c
  Eigen::VectorXd gain_;  // n, (s_j' − s_j)/s_i, likewise
  Eigen::VectorXd nest_gain_sum_;  // G, Σ V gain of a nest, likewise
};

}  // namespace entente::market
