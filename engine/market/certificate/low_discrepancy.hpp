#pragma once

#include <Eigen/Core>

namespace entente::market {

/// Points spread evenly over the unit cube, the same at any place: the additive recurrence of
/// Roberts (2018), point k = frac(1/2 + (k+1) (1/φ, 1/φ², …)), φ the root above 1 of φ^(n+1) = φ
/// + 1.
class LowDiscrepancy {
 public:
  explicit LowDiscrepancy(Eigen::Index dimension);

  /// k ≥ 0; n numbers in [0,1).
  Eigen::VectorXd point(int k) const;

 private:
  Eigen::VectorXd stride_;  // n, powers of 1/φ
};

}  // namespace entente::market
