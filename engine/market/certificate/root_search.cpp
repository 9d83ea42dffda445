#include "engine/market/certificate/root_search.hpp"

#include <Eigen/LU>
#include <algorithm>
#include <cmath>

namespace entente::market {

namespace {

constexpr int newton_steps = 80;
constexpr int deflated_steps = 40;
constexpr int largest_halving = 14;
constexpr double close_step = 1e-6;  // relative; from here on full steps until they stop shrinking
constexpr double vanishing_condition = 1e-6;
constexpr double same_root = 1e-7;  // relative distance of roots that are one

}  // namespace

void RootSearch::evaluate(const Eigen::VectorXd& x) {
  conditions_.evaluate(x);
  conditions_.evaluate_slopes();
  conditions_.evaluate_curvature();
  condition_ = conditions_.compute_unit_conditions();
  jacobian_ = conditions_.compute_unit_jacobian();
}

std::optional<Eigen::VectorXd> RootSearch::compute_step() const {
  if (!condition_.allFinite() || !jacobian_.allFinite()) return std::nullopt;
  const Eigen::PartialPivLU<Eigen::MatrixXd> decomposition(jacobian_);
  const Eigen::VectorXd step = -decomposition.solve(condition_);
  if (!step.allFinite()) return std::nullopt;
  return step;
}

double RootSearch::limit_step(const Eigen::VectorXd& x, const Eigen::VectorXd& step) const {
  double fraction = 1.0;
  for (Eigen::Index i = 0; i < x.size(); ++i) {
    const double longest = box_.log_price ? 0.7
                                          : std::max(2.0 / conditions_.sensitivity(i),
                                                     0.5 * std::abs(x(i) - box_.cost(i)));
    if (fraction * std::abs(step(i)) > longest) fraction = longest / std::abs(step(i));
  }
  return fraction;
}

// Largest entry relative to the price, or to h where that is larger.
double RootSearch::measure(const Eigen::VectorXd& difference) const {
  double largest = 0.0;
  for (Eigen::Index i = 0; i < difference.size(); ++i) {
    const double scale = box_.log_price ? 1.0
                                        : std::max(std::abs(conditions_.position(i)),
                                                   1.0 / conditions_.sensitivity(i));
    largest = std::max(largest, std::abs(difference(i)) / scale);
  }
  return largest;
}

std::optional<Eigen::VectorXd> RootSearch::solve(Eigen::VectorXd x) {
  evaluate(x);
  double last_length = 1.0;
  for (int iteration = 0; iteration < newton_steps; ++iteration) {
    const std::optional<Eigen::VectorXd> step = compute_step();
    if (!step) return std::nullopt;
    const double length = measure(*step);
    if (length < close_step) {
      if (length < 1e-16 || length >= last_length) break;
      last_length = length;
      x += *step;
      evaluate(x);
      continue;
    }
    last_length = 1.0;
    const double merit = condition_.squaredNorm();
    double fraction = limit_step(x, *step);
    bool moved = false;
    for (int halving = 0; halving < largest_halving && !moved; ++halving, fraction *= 0.5) {
      const Eigen::VectorXd trial = x + fraction * *step;
      evaluate(trial);
      const double reached = condition_.squaredNorm();
      if (!(reached <= (1.0 - 1e-4 * fraction) * merit)) continue;
      x = trial;
      moved = true;
    }
    if (!moved) return std::nullopt;
  }
  if (!(conditions_.compute_residual() <= tolerance_)) return std::nullopt;
  // Far below cost any distance is small next to the price: the condition itself must vanish too.
  if (!(condition_.cwiseAbs().maxCoeff() <= vanishing_condition)) return std::nullopt;
  return conditions_.position;
}

bool RootSearch::try_start(const Eigen::VectorXd& x) {
  const std::optional<Eigen::VectorXd> root = solve(x);
  if (!root) return false;
  for (const Eigen::VectorXd& known : roots_) {
    if (measure(*root - known) < same_root) return false;
  }
  roots_.push_back(*root);
  const Eigen::MatrixXd inward = -jacobian_;
  index_ += inward.determinant() > 0.0 ? 1 : -1;
  return true;
}

// The deflated step is Newton's own, times 1/(1 − ∇ln Π · step): it turns around near a known root.
bool RootSearch::try_deflated(const Eigen::VectorXd& start) {
  Eigen::VectorXd x = start;
  evaluate(x);
  for (int iteration = 0; iteration < deflated_steps; ++iteration) {
    std::optional<Eigen::VectorXd> step = compute_step();
    if (!step) return false;
    if (measure(*step) < close_step) break;
    double turn = 1.0;
    for (const Eigen::VectorXd& known : roots_) {
      Eigen::VectorXd difference = x - known;
      double projected = 0.0;
      double square = 0.0;
      for (Eigen::Index i = 0; i < x.size(); ++i) {
        const double scale =
            box_.log_price ? 1.0 : std::max(std::abs(known(i) - box_.cost(i)), 1e-300);
        projected += difference(i) * (*step)(i) / (scale * scale);
        square += difference(i) * difference(i) / (scale * scale);
      }
      if (!(square > 0.0)) return false;
      turn += 2.0 * projected / (square * (1.0 + square));  // −∇ln(1 + 1/|x − root|²) · step
    }
    if (std::abs(turn) < 1e-6) turn = turn < 0.0 ? -1e-6 : 1e-6;
    *step /= turn;
    x += limit_step(x, *step) * *step;
    evaluate(x);
  }
  return try_start(x);
}

}  // namespace entente::market
