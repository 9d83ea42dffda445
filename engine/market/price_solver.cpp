#include "engine/market/price_solver.hpp"

#include <Eigen/LU>
#include <algorithm>
#include <cmath>
#include <fmt/format.h>
#include <limits>

#include "engine/market/elementary.hpp"
#include "engine/market/failure.hpp"

namespace entente::market {

namespace {

constexpr double target_merit = 1e-12;        // relative step at which nothing is left to gain
constexpr double clearing_tolerance = 1e-10;  // of ln(share/target) at the end
constexpr double newton_gate = 0.3;           // relative step from which Newton is tried
constexpr double largest_log_step = 2.3;      // a factor of ten in price
constexpr double largest_linear_step = 20.0;  // in units of λ/α
constexpr double largest_captive_step = 1e5;  // likewise, where only full rivals limit margins
constexpr double shortest_stride = 0.05;
constexpr double unbounded_growth = 1e12;

}  // namespace

PriceSolver::PriceSolver(const Demand& demand, const Supply& supply, const PricingOptions& options)
    : demand_(demand),
      supply_(supply),
      options_(options),
      terms_(demand),
      products_(demand.utility.rows()),
      priced_(products_),
      relative_ownership_(products_, products_),
      effective_margin_(products_),
      condition_(products_),
      clearing_(products_),
      step_(products_),
      weights_(products_, products_),
      diversion_slope_(products_, products_),
      response_slope_(products_, products_) {
  for (Eigen::Index i = 0; i < products_; ++i) {
    priced_(i) = terms_.offered(i) && std::isnan(supply.price_fixed(i)) ? 1 : 0;
    if (priced_(i) == 0) {
      relative_ownership_.row(i).setZero();
      continue;
    }
    if (!(supply.ownership(i, i) > 0.0) || !(supply.received(i) > 0.0) ||
        !(supply.fringe(i) >= 1.0) || !std::isfinite(supply.marginal_cost(i))) {
      throw MarketFailure(fmt::format(
          "product {} cannot be priced: own weight {} and fraction received {} must be above 0, "
          "firms behind it {} at least 1, marginal cost {} finite",
          i, supply.ownership(i, i), supply.received(i), supply.fringe(i),
          supply.marginal_cost(i)));
    }
    relative_ownership_.row(i) = supply.ownership.row(i) / supply.ownership(i, i);
    // Each of n equal firms takes into account the buyers it wins back from itself alone.
    relative_ownership_(i, i) = 1.0 / supply.fringe(i);
  }
}

double PriceSolver::diversion_weight(Eigen::Index i, Eigen::Index j) const {
  return relative_ownership_(i, j) * terms_.diversion(i, j);
}

void PriceSolver::fail(const std::string& reason) const {
  std::string remedy = "check marginal costs, ownership and price sensitivity, or start nearer";
  if (terms_.log_price() && demand_.price_sensitivity.minCoeff() <= 1.0) {
    remedy = fmt::format(
        "price sensitivity η must exceed 1 or sellers gain from any higher price (smallest: {})",
        demand_.price_sensitivity.minCoeff());
  } else if (!demand_.outside_good) {
    remedy +=
        "; without an outside good each firm needs rivals with capacity to spare, and with a log "
        "price term demand must be elastic through rivalry alone";
  }
  throw NoConvergence(fmt::format("posted prices: {}; first-order residual {:.3g} after {} "
                                  "evaluations, tolerance {:.3g}; {}",
                                  reason, residual, iterations, options_.tolerance, remedy),
                      residual, iterations);
}

void PriceSolver::repair_start(const Eigen::Ref<const Eigen::VectorXd>& start) {
  price = start;
  for (Eigen::Index i = 0; i < products_; ++i) {
    if (!std::isnan(supply_.price_fixed(i))) price(i) = supply_.price_fixed(i);
    const bool log_price = terms_.log_price();
    if (std::isfinite(price(i)) && (!log_price || price(i) > 0.0)) continue;
    const double cost = supply_.marginal_cost(i) / supply_.received(i);
    if (priced_(i) == 0) {
      if (!terms_.offered(i)) price(i) = std::isfinite(cost) ? cost : 0.0;
    } else if (log_price) {
      price(i) = cost > 0.0 ? 2.0 * cost : 1.0;
    } else {
      price(i) = cost + 1.0 / demand_.price_sensitivity.mean();
    }
  }
}

// (I − A)_BB m_B = h_B + A_B· m_·: the binding products' own conditions, linear in margins.
void PriceSolver::solve_shadow_prices() {
  const auto count = static_cast<Eigen::Index>(binding_.size());
  small_system_.resize(count, count);
  small_right_side_.resize(count);
  for (Eigen::Index b = 0; b < count; ++b) {
    const Eigen::Index i = binding_[static_cast<std::size_t>(b)];
    double right =
        supply_.received(i) * terms_.inverse_response(i) * (terms_.log_price() ? price(i) : 1.0);
    for (Eigen::Index j = 0; j < products_; ++j) {
      right += diversion_weight(i, j) * effective_margin_(j);
    }
    for (Eigen::Index k = 0; k < count; ++k) {
      const Eigen::Index j = binding_[static_cast<std::size_t>(k)];
      small_system_(b, k) = (b == k ? 1.0 : 0.0) - diversion_weight(i, j);
      right -= diversion_weight(i, j) * effective_margin_(j);
    }
    small_right_side_(b) = right;
  }
  const Eigen::VectorXd margin = small_system_.partialPivLu().solve(small_right_side_);
  // Far from the solution one product may take the whole market, which leaves its margin free.
  determined_ = margin.allFinite();
  if (!determined_) return;
  for (Eigen::Index b = 0; b < count; ++b) {
    const Eigen::Index i = binding_[static_cast<std::size_t>(b)];
    shadow_price(i) = effective_margin_(i) - margin(b);
    effective_margin_(i) = margin(b);
  }
}

double PriceSolver::evaluate() {
  ++iterations;
  terms_.evaluate(price);
  for (Eigen::Index j = 0; j < products_; ++j) {
    effective_margin_(j) =
        terms_.offered(j) ? supply_.received(j) * price(j) - supply_.marginal_cost(j) : 0.0;
  }
  if (!binding_.empty()) solve_shadow_prices();

  residual = determined_ ? 0.0 : std::numeric_limits<double>::infinity();
  double merit = determined_ ? 0.0 : 1.0;
  for (const Eigen::Index i : free_) {
    double required = terms_.inverse_response(i) * supply_.received(i);
    if (terms_.log_price()) required *= price(i);
    for (Eigen::Index j = 0; j < products_; ++j) {
      required += diversion_weight(i, j) * effective_margin_(j);
    }
    condition_(i) = effective_margin_(i) - required;
    const double h = terms_.inverse_response(i);
    // With a log term the share of the price that the own response explains moves with the price;
    // solving for it makes the map of a single-product firm as fast as with a linear term.
    const double relief = terms_.log_price() && h < 0.95 ? 1.0 - h : 1.0;
    const double distance = std::abs(condition_(i)) / (supply_.received(i) * relief);
    if (!std::isfinite(distance)) fail(fmt::format("the condition of product {} is not finite", i));
    residual = std::max(residual, distance / std::max(1.0, std::abs(price(i))));
    const double scale = terms_.log_price() ? price(i) : std::max(std::abs(price(i)), h);
    merit = std::max(merit, distance / scale);
  }
  if (binding_.empty()) return merit;

  rest_ = terms_.outside_share;
  for (Eigen::Index j = 0; j < products_; ++j) {
    if (std::find(binding_.begin(), binding_.end(), j) == binding_.end()) rest_ += terms_.share(j);
  }
  constexpr double smallest = std::numeric_limits<double>::min();
  const double log_rest = deterministic_log(std::max(rest_, smallest) / target_rest_);
  for (const Eigen::Index j : binding_) {
    clearing_(j) =
        deterministic_log(std::max(terms_.share(j), smallest) / target_share_(j)) - log_rest;
    merit = std::max(merit, std::abs(clearing_(j)));
  }
  return merit;
}

void PriceSolver::compute_fixed_point_step() {
  step_.setZero();
  for (const Eigen::Index i : free_) {
    const double h = terms_.inverse_response(i);
    const double change = -condition_(i) / supply_.received(i);
    if (!terms_.log_price()) {
      step_(i) = change;
      continue;
    }
    const double ratio = 1.0 + change / price(i) / (h < 0.95 ? 1.0 - h : 1.0);
    step_(i) = deterministic_log(std::clamp(ratio, 0.1, 10.0));
  }
  if (!binding_.empty()) compute_clearing_step();
}

// Newton's step of the binding products' prices for market clearing, the others' prices held.
void PriceSolver::compute_clearing_step() {
  const auto count = static_cast<Eigen::Index>(binding_.size());
  for (Eigen::Index b = 0; b < count; ++b) {
    const Eigen::Index j = binding_[static_cast<std::size_t>(b)];
    for (Eigen::Index k = 0; k < count; ++k) {
      small_system_(b, k) = compute_clearing_slope(j, binding_[static_cast<std::size_t>(k)]);
    }
    small_right_side_(b) = -clearing_(j);
  }
  const Eigen::VectorXd change = small_system_.partialPivLu().solve(small_right_side_);
  for (Eigen::Index b = 0; b < count; ++b) {
    const Eigen::Index j = binding_[static_cast<std::size_t>(b)];
    const double h = terms_.inverse_response(j);
    const double limit = terms_.log_price() ? largest_log_step : largest_linear_step * h;
    const double wanted = std::isfinite(change(b)) ? change(b) : clearing_(j) * h;
    step_(j) = std::clamp(wanted, -limit, limit);
  }
}

// d/dx_k of ln(s_j/rest), rest being everything but the binding products.
double PriceSolver::compute_clearing_slope(Eigen::Index j, Eigen::Index k) const {
  if (priced_(k) == 0) return 0.0;
  constexpr double smallest = std::numeric_limits<double>::min();
  const double response = terms_.share(k) / terms_.inverse_response(k);
  double binding_change = 0.0;
  for (const Eigen::Index l : binding_) {
    binding_change -= response * ((l == k ? 1.0 : 0.0) - terms_.diversion(k, l));
  }
  const double own_change = -response * ((j == k ? 1.0 : 0.0) - terms_.diversion(k, j));
  return own_change / std::max(terms_.share(j), smallest) +
         binding_change / std::max(rest_, smallest);
}

// Unknowns: x of every product, then μ of the binding ones. Rows: the first-order condition of
// every product, divided by received·p (or received), then market clearing.
void PriceSolver::assemble_newton() {
  const auto count = static_cast<Eigen::Index>(binding_.size());
  weights_ = relative_ownership_ * effective_margin_.asDiagonal();
  terms_.differentiate(weights_, diversion_slope_, response_slope_);
  system_.setZero(products_ + count, products_ + count);
  right_side_.setZero(products_ + count);
  const bool log_price = terms_.log_price();
  for (Eigen::Index i = 0; i < products_; ++i) {
    if (priced_(i) == 0) {
      system_(i, i) = 1.0;
      continue;
    }
    const double scale = supply_.received(i) * (log_price ? price(i) : 1.0);
    for (Eigen::Index k = 0; k < products_; ++k) {
      const double margin_slope = supply_.received(k) * (log_price ? price(k) : 1.0);
      const double own = i == k ? 1.0 : 0.0;
      double slope = (own - diversion_weight(i, k)) * margin_slope - diversion_slope_(i, k);
      slope -= scale * response_slope_(i, k);
      if (log_price) slope -= own * scale * terms_.inverse_response(i);
      system_(i, k) = slope / scale;
    }
    for (Eigen::Index b = 0; b < count; ++b) {
      const Eigen::Index j = binding_[static_cast<std::size_t>(b)];
      system_(i, products_ + b) = (diversion_weight(i, j) - (i == j ? 1.0 : 0.0)) / scale;
    }
  }
  for (const Eigen::Index i : free_) {
    right_side_(i) = -condition_(i) / (supply_.received(i) * (log_price ? price(i) : 1.0));
  }
  for (Eigen::Index b = 0; b < count; ++b) {
    const Eigen::Index j = binding_[static_cast<std::size_t>(b)];
    for (Eigen::Index k = 0; k < products_; ++k) {
      system_(products_ + b, k) = compute_clearing_slope(j, k);
    }
    right_side_(products_ + b) = -clearing_(j);
  }
}

bool PriceSolver::compute_newton_step() {
  assemble_newton();
  const Eigen::VectorXd solution = system_.partialPivLu().solve(right_side_);
  if (!solution.allFinite()) return false;
  step_ = solution.head(products_);
  for (Eigen::Index i = 0; i < products_; ++i) {
    const bool captive = !demand_.outside_good && !binding_.empty();
    const double reach = captive ? largest_captive_step : largest_linear_step;
    const double limit = terms_.log_price() ? largest_log_step : reach * terms_.inverse_response(i);
    if (priced_(i) != 0 && std::abs(step_(i)) > limit) return false;
  }
  return true;
}

void PriceSolver::apply_step(const Eigen::VectorXd& from, double fraction) {
  for (Eigen::Index i = 0; i < products_; ++i) {
    if (priced_(i) == 0) continue;
    price(i) = terms_.log_price() ? from(i) * deterministic_exp(fraction * step_(i))
                                  : from(i) + fraction * step_(i);
    if (std::abs(price(i)) > unbounded_growth * std::max({1.0, std::abs(from_start_(i)),
                                                          std::abs(supply_.marginal_cost(i))})) {
      fail(fmt::format("the price of product {} grows without bound", i));
    }
  }
}

void PriceSolver::begin(const Eigen::Ref<const Eigen::VectorXd>& start,
                        const std::vector<Eigen::Index>& binding,
                        const Eigen::Ref<const Eigen::VectorXd>& target_share) {
  binding_ = binding;
  target_share_ = target_share;
  target_rest_ = 1.0;
  for (const Eigen::Index j : binding_)
    target_rest_ -= target_share_(j);
  free_.clear();
  for (Eigen::Index i = 0; i < products_; ++i) {
    const bool is_binding = std::find(binding_.begin(), binding_.end(), i) != binding_.end();
    if (priced_(i) != 0 && !is_binding) free_.push_back(i);
  }
  shadow_price.setZero(products_);
  iterations = 0;
  determined_ = true;
  residual = std::numeric_limits<double>::infinity();
  repair_start(start);
  from_start_ = price;
  if (!(target_rest_ > 0.0)) fail("binding capacities exceed the number of buyers");
}

void PriceSolver::verify() const {
  double miss = 0.0;
  for (const Eigen::Index j : binding_)
    miss = std::max(miss, std::abs(clearing_(j)));
  if (!(residual <= options_.tolerance)) fail("did not converge");
  if (miss > clearing_tolerance)
    fail(fmt::format("capacity is missed by a factor of 1 ± {:.3g}", miss));
}

// ζ converges from anywhere in practice, if slowly where firms are large; Newton is fast but only
// near the solution. So Newton is tried below a gate, kept if it halves the error, and otherwise
// undone and tried again only once ζ has brought the error down tenfold.
void PriceSolver::solve(const Eigen::Ref<const Eigen::VectorXd>& start,
                        const std::vector<Eigen::Index>& binding,
                        const Eigen::Ref<const Eigen::VectorXd>& target_share) {
  begin(start, binding, target_share);
  double merit = evaluate();
  double gate = newton_gate;
  double stride = 1.0;  // in ζ steps
  double longest_stride = 16.0;
  Eigen::VectorXd last_step = Eigen::VectorXd::Zero(products_);
  Eigen::VectorXd from = price;
  while (merit > target_merit && iterations < options_.max_iterations) {
    from = price;
    if (merit < gate && compute_newton_step()) {
      apply_step(from, 1.0);
      const double newton_merit = evaluate();
      if (newton_merit < 0.5 * merit) {
        merit = newton_merit;
        continue;
      }
      if (newton_merit > merit) {
        price = from;
        merit = evaluate();
      } else {
        merit = newton_merit;
      }
      // Neither halved nor far off: what is left is rounding.
      if (merit < 1e3 * target_merit && residual <= options_.tolerance) break;
      gate = 0.1 * merit;
      from = price;
    }
    compute_fixed_point_step();
    // Where a firm has nearly all buyers ζ creeps, step after equal step: lengthen them, less so
    // after each turn.
    const double turn = step_.dot(last_step) / std::max(step_.norm() * last_step.norm(), 1e-300);
    if (turn < 0.0) longest_stride = std::max(0.5 * longest_stride, 1.0);
    if (iterations > options_.max_iterations / 10) longest_stride = std::min(longest_stride, 1.0);
    if (iterations > options_.max_iterations / 2) longest_stride = std::min(longest_stride, 0.25);
    stride = std::min(turn > 0.9 ? 1.5 * stride : std::min(stride, 1.0), longest_stride);
    last_step = step_;
    for (const Eigen::Index j : binding_)
      step_(j) /= std::max(stride, 1.0);
    apply_step(from, stride);
    const double next = evaluate();
    if (next > merit && stride <= 1.0) stride = std::max(0.5 * stride, shortest_stride);
    if (next <= merit && stride < 1.0) stride = std::min(1.0, 1.2 * stride);
    merit = next;
  }
  verify();
}

}  // namespace entente::market
