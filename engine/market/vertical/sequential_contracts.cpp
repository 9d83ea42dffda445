#include "engine/market/vertical/sequential_contracts.hpp"

#include <algorithm>
#include <array>
#include <cmath>
#include <fmt/format.h>

#include "engine/market/failure.hpp"

namespace entente::market {

namespace {

// After a full step below this, relative to price, the next one would be rounding: second
// derivatives are good to about 1e-7, so each step gains seven figures.
constexpr double last_step = 1e-7;
// Of the usual starting margins; tried in this order.
constexpr std::array<double, 4> start_scale = {1.0, 0.3, 2.5, 0.0};
constexpr int halvings = 10;
// Of a single seller's markup, what may be left of a condition.
constexpr double largest_blur = 1e-7;
// Below it products of shares underflow.
constexpr double smallest_share = 1e-100;
// Below it differences of profits are too rough even for Newton's matrix.
constexpr double smallest_exact_share = 1e-6;

}  // namespace

void SequentialContracts::assign(const Demand& demand, const LinkValues& values) {
  values_ = &values;
  market_.assign(demand, values);
  removal_.assign(demand, values);
  probe_.assign(demand, values);
  const Eigen::Index n = values.links();
  upstream_margin.resize(n);
  bargain_.assign(static_cast<std::size_t>(n), Bargain());
  bargains_.clear();
  for (Eigen::Index i = 0; i < n; ++i) {
    if (values.integrated(i) == 0) bargains_.push_back(i);
  }
  const auto m = static_cast<Eigen::Index>(bargains_.size());
  price_change_.resize(n, n);
  condition_.resize(m);
  supplier_curvature_.resize(m, m);
  buyer_curvature_.resize(m, m);
  supplier_gain_slope_.resize(m, m);
  buyer_gain_slope_.resize(m, m);
  system_.resize(m, m);
  step_.resize(m);
}

// Gains and slopes of every bargain at the retail prices of market_, which have been evaluated.
bool SequentialContracts::evaluate_bargains(double tolerance) {
  const LinkValues& values = *values_;
  if (!market_.differentiate()) return false;
  for (const Eigen::Index i : bargains_) {
    const double share = market_.shares().total(i);
    if (!(share > smallest_share)) return false;
    if (!removal_.solve(market_, upstream_margin, i, tolerance, price_change_.col(i))) return false;
    Bargain& bargain = bargain_[static_cast<std::size_t>(i)];
    const int up = values.supplier(i);
    const int down = values.buyer(i);
    bargain.supplier_gain = removal_.loss(up);
    bargain.buyer_gain = removal_.loss(down);
    bargain.supplier_slope = market_.profit_response(i, up) / share;
    bargain.buyer_slope = market_.profit_response(i, down) / share;
  }
  return true;
}

bool SequentialContracts::evaluate(double tolerance) {
  if (!market_.solve(upstream_margin, tolerance) || !evaluate_bargains(tolerance)) return false;
  residual = market_.residual;
  merit_ = 0.0;
  for (std::size_t a = 0; a < bargains_.size(); ++a) {
    const Eigen::Index i = bargains_[a];
    const double b = values_->buyer_weight(i);
    const Bargain& bargain = bargain_[static_cast<std::size_t>(i)];
    const double condition = -b * bargain.buyer_slope * bargain.supplier_gain -
                             (1.0 - b) * bargain.supplier_slope * bargain.buyer_gain;
    condition_(static_cast<Eigen::Index>(a)) = condition;
    const double scale = std::max(1.0, std::abs(market_.price(i)));
    residual = std::max(residual, std::abs(condition) / scale);
    merit_ += (condition / scale) * (condition / scale);
  }
  return std::isfinite(merit_);
}

// Second derivatives of profits, from the first at wholesale prices moved a little. Links of little
// share take the slopes of their gains from there too: as a difference of profits they would be
// lost in rounding.
bool SequentialContracts::compute_curvature(double tolerance) {
  const LinkValues& values = *values_;
  for (std::size_t b = 0; b < bargains_.size(); ++b) {
    const Eigen::Index k = bargains_[b];
    const auto column = static_cast<Eigen::Index>(b);
    const double width = 1e-6 * std::max(1.0, std::abs(market_.price(k)));
    moved_ = upstream_margin;
    moved_(k) += width;
    probe_.price = market_.price + width * market_.price_response.col(k);
    if (!probe_.solve(moved_, tolerance) || !probe_.differentiate()) return false;
    for (std::size_t a = 0; a < bargains_.size(); ++a) {
      const Eigen::Index i = bargains_[a];
      const auto row = static_cast<Eigen::Index>(a);
      const int up = values.supplier(i);
      const int down = values.buyer(i);
      const double share = market_.shares().total(i);
      supplier_curvature_(row, column) =
          (probe_.profit_response(i, up) - market_.profit_response(i, up)) / share / width;
      buyer_curvature_(row, column) =
          (probe_.profit_response(i, down) - market_.profit_response(i, down)) / share / width;
      if (share > smallest_exact_share) continue;
      change_ = price_change_.col(i);
      if (!removal_.solve(probe_, moved_, i, tolerance, change_)) return false;
      const double growth = probe_.shares().total(i) / share;
      const Bargain& bargain = bargain_[static_cast<std::size_t>(i)];
      supplier_gain_slope_(row, column) =
          (removal_.loss(up) * growth - bargain.supplier_gain) / width;
      buyer_gain_slope_(row, column) = (removal_.loss(down) * growth - bargain.buyer_gain) / width;
    }
  }
  return true;
}

bool SequentialContracts::compute_gain_slopes(double tolerance) {
  const LinkValues& values = *values_;
  for (std::size_t a = 0; a < bargains_.size(); ++a) {
    const Eigen::Index i = bargains_[a];
    const auto row = static_cast<Eigen::Index>(a);
    const double share = market_.shares().total(i);
    if (!(share > smallest_exact_share)) continue;
    if (!removal_.solve(market_, upstream_margin, i, tolerance, price_change_.col(i)) ||
        !removal_.differentiate())
      return false;
    const int up = values.supplier(i);
    const int down = values.buyer(i);
    for (std::size_t b = 0; b < bargains_.size(); ++b) {
      const Eigen::Index k = bargains_[b];
      const auto column = static_cast<Eigen::Index>(b);
      supplier_gain_slope_(row, column) =
          (market_.profit_response(k, up) - removal_.profit_response(k, up)) / share;
      buyer_gain_slope_(row, column) =
          (market_.profit_response(k, down) - removal_.profit_response(k, down)) / share;
    }
  }
  return true;
}

bool SequentialContracts::compute_newton_step(double tolerance) {
  if (!compute_curvature(tolerance) || !compute_gain_slopes(tolerance)) return false;
  for (std::size_t a = 0; a < bargains_.size(); ++a) {
    const Eigen::Index i = bargains_[a];
    const auto row = static_cast<Eigen::Index>(a);
    const double b = values_->buyer_weight(i);
    const Bargain& bargain = bargain_[static_cast<std::size_t>(i)];
    system_.row(row) = -b * (bargain.supplier_gain * buyer_curvature_.row(row) +
                             bargain.buyer_slope * supplier_gain_slope_.row(row)) -
                       (1.0 - b) * (bargain.buyer_gain * supplier_curvature_.row(row) +
                                    bargain.supplier_slope * buyer_gain_slope_.row(row));
  }
  factors_.compute(system_);
  step_ = factors_.solve(condition_);
  step_ = -step_;
  return step_.allFinite();
}

// Halves the step until the conditions shrink; where they do not, one fixed-point step.
bool SequentialContracts::improve(double relative_step, double tolerance) {
  const double merit = merit_;
  from_ = upstream_margin;
  condition_from_ = condition_;
  price_from_ = market_.price;
  price_change_from_ = price_change_;
  double fraction = 1.0;
  for (int attempt = 0; attempt <= halvings; ++attempt, fraction *= 0.5) {
    const bool last = attempt == halvings;
    for (std::size_t a = 0; a < bargains_.size(); ++a) {
      const auto row = static_cast<Eigen::Index>(a);
      const Eigen::Index i = bargains_[a];
      upstream_margin(i) = from_(i) + (last ? -0.5 * condition_(row) : fraction * step_(row));
    }
    market_.price = price_from_;
    price_change_ = price_change_from_;
    if (evaluate(tolerance) && (last || merit_ <= merit * (1.0 - 1e-4 * fraction) ||
                                (attempt == 0 && relative_step < last_step)))
      return true;
    condition_ = condition_from_;
  }
  return false;
}

// Small in price units, and against the markups, as in PriceSearch.
bool SequentialContracts::is_root(double tolerance) const {
  const LinkShares& shares = market_.shares();
  for (std::size_t a = 0; a < bargains_.size(); ++a) {
    const Eigen::Index i = bargains_[a];
    const double markup = shares.price_slope(i) / shares.mean_sensitivity(i);
    if (std::abs(condition_(static_cast<Eigen::Index>(a))) > largest_blur * markup) return false;
  }
  return residual <= tolerance;
}

bool SequentialContracts::solve_from_start(const VerticalOptions& options) {
  if (!evaluate(options.tolerance)) return false;
  if (bargains_.empty()) return residual <= options.tolerance;
  const int last_iteration = iterations + options.max_iterations;
  while (iterations < last_iteration) {
    ++iterations;
    if (!compute_newton_step(options.tolerance)) return false;
    double relative_step = 0.0;
    for (std::size_t a = 0; a < bargains_.size(); ++a) {
      relative_step =
          std::max(relative_step, std::abs(step_(static_cast<Eigen::Index>(a))) /
                                      std::max(1.0, std::abs(market_.price(bargains_[a]))));
    }
    if (!improve(relative_step, options.tolerance)) return false;
    if (relative_step < last_step) {
      if (!is_root(options.tolerance)) return false;
      const Eigen::Index gainless = find_gainless_link();
      if (gainless >= 0) gainless_ = gainless;
      return gainless < 0;
    }
  }
  return false;
}

// The supplier's part of the chain's markups: (1−b)/α, or (1−b)/η of the cost.
bool SequentialContracts::make_start(double scale, double tolerance) {
  const LinkShares& shares = market_.shares();
  const double sensitivity = (shares.weight * shares.sensitivity).sum();
  for (Eigen::Index i = 0; i < values_->links(); ++i) {
    const double unit = shares.log_price ? std::abs(values_->cost(i)) : 1.0;
    upstream_margin(i) = values_->integrated(i) != 0
                             ? 0.0
                             : scale * unit * (1.0 - values_->buyer_weight(i)) / sensitivity;
  }
  market_.make_start(1.0);
  return start_from_retail(tolerance);
}

bool SequentialContracts::start_from_retail(double tolerance) {
  if (!market_.solve(upstream_margin, tolerance)) return false;
  price_change_.setZero();
  return true;
}

void SequentialContracts::solve(const VerticalOptions& options, const Eigen::VectorXd& retail_start,
                                const Eigen::VectorXd& margin_start) {
  iterations = 0;
  gainless_ = -1;
  if (margin_start.size() > 0) {
    upstream_margin = margin_start;
    for (Eigen::Index i = 0; i < values_->links(); ++i) {
      if (values_->integrated(i) != 0) upstream_margin(i) = 0.0;
    }
    market_.make_start(1.0);
    if (retail_start.size() > 0) market_.price = retail_start;
    if (start_from_retail(options.tolerance) && solve_from_start(options)) return;
  }
  for (const double scale : start_scale) {
    if (make_start(scale, options.tolerance) && solve_from_start(options)) return;
  }
  if (gainless_ >= 0) {
    throw Infeasible(fmt::format(
        "sequential vertical prices: the parties of link {} would rather not trade, since retail "
        "prices answer when it is gone; leave the link out",
        values_->link[static_cast<std::size_t>(gainless_)]));
  }
  throw NoConvergence(
      fmt::format(
          "sequential vertical prices: residual {:.3g}, tolerance {:.3g}, after {} iterations "
          "from {} starts; retail equilibria must exist without each link, both parties must "
          "gain, and no share may underflow (leave out links below 1e-100)",
          residual, options.tolerance, iterations, start_scale.size()),
      residual, iterations);
}

// The condition also holds where both would rather not trade, and where both would want the price
// to move the same way.
Eigen::Index SequentialContracts::find_gainless_link() const {
  for (const Eigen::Index i : bargains_) {
    const Bargain& bargain = bargain_[static_cast<std::size_t>(i)];
    const double noise = 1e-6 * std::max(1.0, std::abs(market_.price(i)));
    if (bargain.supplier_gain < -noise || bargain.buyer_gain < -noise) return i;
    if (bargain.supplier_slope < -1e-6 || bargain.buyer_slope > 1e-6) return i;
  }
  return -1;
}

bool SequentialContracts::observe(const Eigen::VectorXd& retail, const Eigen::VectorXd& margin,
                                  double tolerance) {
  market_.price = retail;
  upstream_margin = margin;
  price_change_.setZero();
  return market_.observe(upstream_margin) && evaluate_bargains(tolerance);
}

}  // namespace entente::market
