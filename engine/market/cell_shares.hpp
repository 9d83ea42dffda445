#pragma once

#include <Eigen/Core>

namespace entente::market {

/// Nested logit choice, cell by cell, with its memory: one nest beside the outside good. Arrays are
/// C×J, so that sums over cells run along contiguous memory.
class CellShares {
 public:
  CellShares(double nest, bool outside_good, Eigen::Index cells, Eigen::Index products);

  /// Computes everything below from V/λ (C×J, price included; −∞ is not offered). With max
  /// subtraction, so that no utility overflows and a vanishing share is 0, never NaN.
  void evaluate(const Eigen::ArrayXXd& scaled_utility);

  double nest;  // λ
  bool outside_good;
  Eigen::ArrayXXd within;  // C×J, probability of j given that the cell buys inside
  Eigen::ArrayXXd share;   // C×J, probability of j
  Eigen::ArrayXXd own_loss;  // C×J, λ s_j + (1−λ) s_{j|g}: ds_j/dV_i = s_j (1{i=j} − own_loss_i)/λ
  Eigen::ArrayXd inside;          // C, probability of buying inside
  Eigen::ArrayXd outside;         // C, its complement, exact when tiny
  Eigen::ArrayXd logsum;          // C, ln(1 + D^λ), or λ ln D without an outside good
  Eigen::ArrayXd log_normaliser;  // C, ln s_j = V_j/λ − log_normaliser, also where s_j underflows
};

}  // namespace entente::market
