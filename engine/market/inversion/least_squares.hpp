#pragma once

#include <Eigen/Core>
#include <functional>

namespace entente::market {

/// Minimise Σ_k r_k(x)² over lower ≤ x ≤ upper. The scale of x is such that a step of 1 is large
/// and one of 2.5e-4 is small (logarithms).
struct LeastSquares {
  /// Residuals r, K, at x, N. May throw MarketFailure where it has no value: the search turns back.
  std::function<Eigen::VectorXd(const Eigen::VectorXd&)> residuals;
  Eigen::VectorXd lower;  // N
  Eigen::VectorXd upper;  // N, at least 0.01 above lower
};

struct LeastSquaresFit {
  Eigen::VectorXd point;      // N
  Eigen::VectorXd residuals;  // K
  Eigen::MatrixXd slope;      // K×N, dr/dx
  Eigen::VectorXi bound;  // N, −1 or 1 where held at lower or upper against the descent, else 0
  double stationarity = 0.0;  // max over free n of |slope_n·r| / (‖slope_n‖ ‖r‖); 0 at r = 0
  int iterations = 0;

  double objective() const { return residuals.squaredNorm(); }
};

/// Derivatives of residuals, K×N, by differences of fourth order, on the inner side of a bound.
Eigen::MatrixXd compute_difference_slope(const LeastSquares& problem, const Eigen::VectorXd& point);

/// Levenberg (1944) and Marquardt (1963) with bounds by projection, finished by Gauss–Newton steps.
/// The caller judges the result by `residuals` where a root is wanted, by `stationarity` otherwise.
/// Throws what `residuals` throws at the start.
LeastSquaresFit minimise_least_squares(const LeastSquares& problem, const Eigen::VectorXd& start);

}  // namespace entente::market
