#include "engine/market/certificate/low_discrepancy.hpp"

#include <cmath>

namespace entente::market {

LowDiscrepancy::LowDiscrepancy(Eigen::Index dimension) : stride_(dimension) {
  double root = 2.0;
  for (int step = 0; step < 60; ++step) {  // Newton's method from above, on a convex function
    double power = 1.0;                    // φ^n
    for (Eigen::Index i = 0; i < dimension; ++i)
      power *= root;
    const double slope = static_cast<double>(dimension + 1) * power - 1.0;
    root -= (power * root - root - 1.0) / slope;
  }
  double stride = 1.0;
  for (double& value : stride_) {
    stride /= root;
    value = stride;
  }
}

Eigen::VectorXd LowDiscrepancy::point(int k) const {
  Eigen::VectorXd point(stride_.size());
  for (Eigen::Index i = 0; i < point.size(); ++i) {
    const double position = 0.5 + (k + 1) * stride_(i);
    point(i) = position - std::floor(position);
  }
  return point;
}

}  // namespace entente::market
