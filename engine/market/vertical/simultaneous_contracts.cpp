#include "engine/market/vertical/simultaneous_contracts.hpp"

#include <algorithm>
#include <array>
#include <cmath>
#include <fmt/format.h>

#include "engine/market/failure.hpp"
#include "engine/market/vertical/retail_start.hpp"

namespace entente::market {

namespace {

// Of the usual starting markup; tried in this order.
constexpr std::array<double, 4> start_scale = {1.0, 0.5, 3.0, 10.0};
// Of a single seller's markup: what rounding may leave of a bargain, or take from a gain.
constexpr double largest_blur = 1e-7;

}  // namespace

void SimultaneousContracts::assign(const Demand& demand, const LinkValues& values) {
  assign_links(demand, values);
  disagreement_.assign(shares_);
  const Eigen::Index n = values.links();
  upstream_margin.resize(n);
  bargains_.resize(n);
  margin_side_.resize(n, n);
  transfer_side_.resize(n, n);
  bargain_system_.resize(n, n);
  bargain_right_side_.resize(n);
  row_values_.resize(n, n);
  bargain_slope_.resize(n, n);
  bargain_slope_by_row_.resize(n, n);
  margin_response_.resize(n, n);
  transfer_slope_.resize(n, n);
  for (Eigen::Index i = 0; i < n; ++i) {
    const BargainSides sides = compute_bargain_sides(values, i);
    bargains_(i) = 1 - values.integrated(i);
    const int up = values.supplier(i);
    const int down = values.buyer(i);
    for (Eigen::Index j = 0; j < n; ++j) {
      margin_side_(i, j) = sides.supplier * values.margin_weight(j, up) -
                           sides.buyer * values.margin_weight(j, down);
      transfer_side_(i, j) = sides.supplier * values.transfer_weight(j, up) -
                             sides.buyer * values.transfer_weight(j, down);
    }
    // An integrated link has no bargain: its row says w = cost.
    if (bargains_(i) == 0) transfer_side_(i, i) = 1.0;
  }
}

void SimultaneousContracts::solve_bargains() {
  bargain_system_ = disagreement_.change.cwiseProduct(transfer_side_);
  bargain_right_side_.noalias() = -disagreement_.change.cwiseProduct(margin_side_) * whole_margin_;
  bargain_factors_.compute(bargain_system_);
  upstream_margin = bargain_factors_.solve(bargain_right_side_);
}

// All conditions at `price`, wholesale prices eliminated.
bool SimultaneousContracts::evaluate() {
  if (!shares_.evaluate(price) || !disagreement_.evaluate(shares_)) return false;
  whole_margin_ = price - values_->cost;
  solve_bargains();
  if (!upstream_margin.allFinite()) return false;
  values_->value(whole_margin_, upstream_margin, worth_);
  retail_.evaluate(shares_, *values_, worth_);
  return measure();
}

// Values of units move with p and with the wholesale prices that keep the bargains,
// d(w − c)/dx = −(bargain system)⁻¹ d bargain/dx.
void SimultaneousContracts::assemble() {
  const LinkValues& values = *values_;
  const Eigen::Index n = price.size();
  retail_.differentiate(shares_, values, worth_);
  for (Eigen::Index i = 0; i < n; ++i) {
    const BargainSides sides = compute_bargain_sides(values, i);
    row_values_.col(i) =
        sides.supplier * worth_.col(values.supplier(i)) - sides.buyer * worth_.col(values.buyer(i));
  }
  disagreement_.differentiate(shares_, row_values_, bargains_, retail_.log_share_slope,
                              bargain_slope_);
  bargain_slope_by_row_ = bargain_slope_.transpose();
  for (Eigen::Index k = 0; k < n; ++k) {
    bargain_slope_by_row_.col(k) +=
        shares_.price_slope(k) * disagreement_.change.col(k).cwiseProduct(margin_side_.col(k));
  }
  margin_response_ = bargain_factors_.solve(bargain_slope_by_row_);
  for (Eigen::Index k = 0; k < n; ++k) {
    for (Eigen::Index i = 0; i < n; ++i) {
      const double by_worth = retail_.worth_slope(i, k);
      const int buyer = values.buyer(i);
      transfer_slope_(i, k) = by_worth * values.transfer_weight(k, buyer);
      system_(i, k) = retail_.price_slope(i, k) +
                      by_worth * values.margin_weight(k, buyer) * shares_.price_slope(k);
    }
  }
  system_.noalias() -= transfer_slope_ * margin_response_;
}

// The elimination leaves rounding in the bargains; the residual counts it. And both parties must
// gain, for a bargain's condition also holds where neither does.
bool SimultaneousContracts::verify(double tolerance) {
  bargain_right_side_.noalias() -= bargain_system_ * upstream_margin;
  for (Eigen::Index i = 0; i < price.size(); ++i) {
    const double bargain = std::abs(bargain_right_side_(i));
    residual = std::max(residual, bargain / std::max(1.0, std::abs(price(i))));
    const double blur = largest_blur * shares_.price_slope(i) / shares_.mean_sensitivity(i);
    const double gain = disagreement_.change.row(i).dot(worth_.col(values_->buyer(i)));
    if (bargain > blur || gain < -blur) return false;
  }
  return is_root(tolerance);
}

bool SimultaneousContracts::solve_from_start(const VerticalOptions& options) {
  return search(options.max_iterations) && verify(options.tolerance);
}

void SimultaneousContracts::solve(const VerticalOptions& options, const Eigen::VectorXd& start) {
  iterations = 0;
  if (start.size() > 0) {
    price = start;
    if (solve_from_start(options)) return;
  }
  for (const double scale : start_scale) {
    make_retail_start(*values_, shares_, scale, price);
    if (solve_from_start(options)) return;
  }
  throw NoConvergence(
      fmt::format("vertical prices: residual {:.3g}, tolerance {:.3g}, after {} iterations from {} "
                  "starts; there may be no equilibrium: without rivals or an outside good no price "
                  "is high enough, and with a log price term b·η must be above 1 on each link",
                  residual, options.tolerance, iterations, start_scale.size()),
      residual, iterations);
}

}  // namespace entente::market
