#include "engine/market/inversion/least_squares.hpp"

#include <Eigen/QR>
#include <algorithm>
#include <cmath>
#include <limits>
#include <optional>
#include <vector>

#include "engine/market/failure.hpp"

namespace entente::market {

namespace {

constexpr int most_iterations = 300;
constexpr double root_residual = 1e-15;
constexpr double small_residual = 1e-13;  // below it there is no minimum to polish, only a root
constexpr double largest_step = 1.5;
constexpr double smallest_step = 1e-15;

/// The five points of a derivative of fourth order at the first or the middle one.
double sum_stencil(const std::vector<double>& values, bool one_sided) {
  if (one_sided) {
    return (-25.0 * values[0] + 48.0 * values[1] - 36.0 * values[2] + 16.0 * values[3] -
            3.0 * values[4]) /
           12.0;
  }
  return (values[0] - 8.0 * values[1] + 8.0 * values[3] - values[4]) / 12.0;
}

class Search {
 public:
  Search(const LeastSquares& problem, const Eigen::VectorXd& start) : problem_(problem) {
    fit_.point = start.cwiseMax(problem.lower).cwiseMin(problem.upper);
    fit_.residuals = problem.residuals(fit_.point);
    differentiate(fit_);
  }

  LeastSquaresFit run() {
    double damping = 1e-3;
    while (fit_.iterations < most_iterations && !is_root()) {
      if (!descend(damping)) break;
      fit_.iterations += 1;
    }
    // Near a minimum the objective no longer shows an improvement, its slope still does.
    while (fit_.iterations < most_iterations &&
           fit_.residuals.cwiseAbs().maxCoeff() > small_residual && polish()) {
      fit_.iterations += 1;
    }
    return fit_;
  }

 private:
  bool is_root() const {
    return fit_.residuals.size() == 0 || fit_.residuals.cwiseAbs().maxCoeff() <= root_residual;
  }

  void differentiate(LeastSquaresFit& fit) const {
    fit.slope = compute_difference_slope(problem_, fit.point);
    const Eigen::VectorXd descent = -fit.slope.transpose() * fit.residuals;
    fit.bound.setZero(fit.point.size());
    fit.stationarity = 0.0;
    const double length = fit.residuals.norm();
    for (Eigen::Index n = 0; n < fit.point.size(); ++n) {
      if (fit.point(n) <= problem_.lower(n) && descent(n) < 0.0) fit.bound(n) = -1;
      if (fit.point(n) >= problem_.upper(n) && descent(n) > 0.0) fit.bound(n) = 1;
      const double scale = fit.slope.col(n).norm() * length;
      if (fit.bound(n) == 0 && scale > 0.0) {
        fit.stationarity = std::max(fit.stationarity, std::abs(descent(n)) / scale);
      }
    }
  }

  /// The step of the free parameters, in units of their slopes' lengths where damped.
  Eigen::VectorXd compute_step(double damping) const {
    const Eigen::Index rows = fit_.slope.rows();
    const Eigen::Index columns = fit_.slope.cols();
    Eigen::MatrixXd system = Eigen::MatrixXd::Zero(rows + columns, columns);
    Eigen::VectorXd right_side = Eigen::VectorXd::Zero(rows + columns);
    for (Eigen::Index n = 0; n < columns; ++n) {
      if (fit_.bound(n) != 0) continue;
      system.col(n).head(rows) = fit_.slope.col(n);
      system(rows + n, n) = std::sqrt(damping) * fit_.slope.col(n).norm();
    }
    right_side.head(rows) = -fit_.residuals;
    // Without damping a parameter that nothing depends on gets no step.
    Eigen::VectorXd step =
        Eigen::CompleteOrthogonalDecomposition<Eigen::MatrixXd>(system).solve(right_side);
    const double largest = step.cwiseAbs().maxCoeff();
    if (largest > largest_step) step *= largest_step / largest;
    return step;
  }

  /// Point and residuals after a step within bounds; none where there is nothing to evaluate.
  std::optional<LeastSquaresFit> move(const Eigen::VectorXd& step) const {
    LeastSquaresFit next = fit_;
    next.point = (fit_.point + step).cwiseMax(problem_.lower).cwiseMin(problem_.upper);
    if (!((next.point - fit_.point).cwiseAbs().maxCoeff() > smallest_step)) return std::nullopt;
    try {
      next.residuals = problem_.residuals(next.point);
    } catch (const MarketFailure&) {
      next.residuals.setConstant(std::numeric_limits<double>::infinity());
    }
    return next;
  }

  bool descend(double& damping) {
    for (int attempt = 0; attempt < 12; ++attempt) {
      std::optional<LeastSquaresFit> next = move(compute_step(damping));
      if (!next) return false;
      if (next->objective() < fit_.objective()) {
        damping *= 0.02;
        return accept(*next);
      }
      damping = std::max(20.0 * damping, 1e-8);
    }
    return false;
  }

  bool polish() {
    std::optional<LeastSquaresFit> next = move(compute_step(0.0));
    if (!next || !(next->objective() <= fit_.objective() * (1.0 + 1e-9))) return false;
    const double before = fit_.stationarity;
    const LeastSquaresFit kept = fit_;
    if (accept(*next) && fit_.stationarity < before) return true;
    fit_ = kept;
    return false;
  }

  bool accept(LeastSquaresFit& next) {
    try {
      differentiate(next);
    } catch (const MarketFailure&) {
      return false;
    }
    fit_ = next;
    return true;
  }

  const LeastSquares& problem_;
  LeastSquaresFit fit_;
};

}  // namespace

// A step of 2.5e-4 balances rounding (1e-15 over the step) with the error of fourth order, also for
// functions that vary on a scale of 0.02.
Eigen::MatrixXd compute_difference_slope(const LeastSquares& problem,
                                         const Eigen::VectorXd& point) {
  constexpr double difference = 0x1p-12;
  const Eigen::Index count = point.size();
  Eigen::MatrixXd slope;
  for (Eigen::Index n = 0; n < count; ++n) {
    double step = difference;
    const bool near_upper = point(n) + 2.0 * difference > problem.upper(n);
    const bool near_lower = point(n) - 2.0 * difference < problem.lower(n);
    const bool one_sided = near_upper || near_lower;
    if (near_upper) step = -difference;
    std::vector<Eigen::VectorXd> values;
    for (int k = 0; k < 5; ++k) {
      if (k == 2 && !one_sided) {  // the middle point has weight 0
        values.push_back(values.front());
        continue;
      }
      Eigen::VectorXd at = point;
      at(n) += step * (one_sided ? k : k - 2);
      values.push_back(problem.residuals(at));
    }
    if (slope.size() == 0) slope.setZero(values.front().size(), count);
    for (Eigen::Index row = 0; row < slope.rows(); ++row) {
      std::vector<double> entries;
      entries.reserve(values.size());
      for (const Eigen::VectorXd& value : values)
        entries.push_back(value(row));
      slope(row, n) = sum_stencil(entries, one_sided) / step;
    }
  }
  return slope;
}

LeastSquaresFit minimise_least_squares(const LeastSquares& problem, const Eigen::VectorXd& start) {
  return Search(problem, start).run();
}

}  // namespace entente::market
