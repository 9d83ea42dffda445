#include "engine/market/vertical/price_search.hpp"

#include <algorithm>
#include <cmath>

#include "engine/market/elementary.hpp"

namespace entente::market {

namespace {

// After a full Newton step below this, relative to price, the next one would be rounding.
constexpr double last_step = 1e-8;
constexpr int halvings = 12;
// Longest Newton step, in utility: where one firm has nearly all buyers its condition is flat, and
// the full step would overshoot by many orders of magnitude.
constexpr double longest_step = 8.0;
// Newton steps that leave more of the squared conditions than this, and how many are borne in a
// row.
constexpr double slow_progress = 0.8;
constexpr int most_stalls = 2;
// Of a single seller's markup 1/α, what may be left of a condition.
constexpr double largest_blur = 1e-7;

}  // namespace

void PriceSearch::assign_links(const Demand& demand, const LinkValues& values) {
  values_ = &values;
  shares_.assign(demand, values.link);
  retail_.assign(shares_, values);
  const Eigen::Index n = values.links();
  price.resize(n);
  whole_margin_.resize(n);
  system_.resize(n, n);
  step_.resize(n);
  from_.resize(n);
}

bool PriceSearch::measure() {
  residual = 0.0;
  merit_ = 0.0;
  for (Eigen::Index i = 0; i < price.size(); ++i) {
    const double condition = retail_.in_price_units(shares_, i);
    const double relative = condition / shares_.price_slope(i);
    merit_ += relative * relative;
    residual = std::max(residual, std::abs(condition) / std::max(1.0, std::abs(price(i))));
  }
  return std::isfinite(merit_);
}

bool PriceSearch::is_root(double tolerance) const {
  for (Eigen::Index i = 0; i < price.size(); ++i) {
    if (std::abs(retail_.condition(i)) > largest_blur * shares_.price_slope(i)) return false;
  }
  return residual <= tolerance;
}

bool PriceSearch::compute_newton_step() {
  assemble();
  factors_.compute(system_);
  step_ = factors_.solve(retail_.condition);
  double length = 0.0;
  for (Eigen::Index i = 0; i < price.size(); ++i)
    length = std::max(length, std::abs(step_(i)) * shares_.mean_sensitivity(i));
  step_ *= length > longest_step ? -longest_step / length : -1.0;
  return step_.allFinite();
}

double PriceSearch::relative_step() const {
  double largest = 0.0;
  for (Eigen::Index i = 0; i < price.size(); ++i) {
    largest = std::max(
        largest, std::abs(step_(i)) * shares_.price_slope(i) / std::max(1.0, std::abs(price(i))));
  }
  return largest;
}

// Whether every unit is worth something to whoever sells it, as at any solution.
bool PriceSearch::sells_at_profit() const {
  for (Eigen::Index i = 0; i < price.size(); ++i) {
    if (i != removed_ && !(worth_(i, values_->buyer(i)) > 0.0)) return false;
  }
  return true;
}

// Halves the Newton step until the conditions shrink. A step of the size of rounding is taken as
// is.
bool PriceSearch::improve(double relative_step) {
  const double merit = merit_;
  const bool at_profit = sells_at_profit();
  from_ = price;
  double fraction = 1.0;
  for (int attempt = 0; attempt < halvings; ++attempt, fraction *= 0.5) {
    for (Eigen::Index i = 0; i < price.size(); ++i) {
      price(i) = shares_.log_price ? from_(i) * deterministic_exp(fraction * step_(i))
                                   : from_(i) + fraction * step_(i);
    }
    if (!evaluate() || (at_profit && !sells_at_profit())) continue;
    if (merit_ <= merit * (1.0 - 1e-4 * fraction) || (attempt == 0 && relative_step < last_step))
      return true;
  }
  price = from_;
  return false;
}

bool PriceSearch::take_fixed_point_steps(int steps) {
  if (!evaluate()) return false;
  for (int step = 0; step < steps; ++step, ++iterations) {
    from_ = price;
    for (Eigen::Index i = 0; i < price.size(); ++i)
      step_(i) = -retail_.in_price_units(shares_, i);
    double fraction = 1.0;
    for (int attempt = 0;; ++attempt, fraction *= 0.5) {
      price = from_ + fraction * step_;
      if (evaluate()) break;
      if (attempt == halvings) return false;
    }
  }
  return true;
}

bool PriceSearch::search(int max_iterations) {
  if (!evaluate()) return false;
  const int last_iteration = iterations + max_iterations;
  int fixed_point_steps = 10;
  int stalls = 0;
  while (iterations < last_iteration) {
    ++iterations;
    if (!compute_newton_step()) return false;
    const double size = relative_step();
    const double merit = merit_;
    const bool improved = improve(size);
    if (improved && size < last_step) return true;
    stalls = improved && merit_ <= slow_progress * merit ? 0 : stalls + 1;
    if (!improved || stalls > most_stalls) {
      if (!take_fixed_point_steps(std::min(fixed_point_steps, last_iteration - iterations)))
        return false;
      fixed_point_steps *= 2;
      stalls = 0;
    }
  }
  return false;
}

}  // namespace entente::market
