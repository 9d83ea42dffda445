#include "engine/market/price_solver.hpp"

#include <algorithm>
#include <cmath>
#include <fmt/format.h>
#include <limits>

#include "engine/market/elementary.hpp"
#include "engine/market/failure.hpp"

namespace entente::market {

namespace {

constexpr double target_merit = 1e-13;        // relative step at which nothing is left to gain
constexpr double newton_gate = 0.3;           // relative step from which Newton is tried
constexpr double chord_gain = 0.05;           // an old decomposition serves while it gains as much
constexpr double largest_log_step = 2.3;      // a factor of ten in price
constexpr double largest_linear_step = 20.0;  // in units of λ/α
constexpr double shortest_stride = 0.05;
constexpr double unbounded_growth = 1e12;

}  // namespace

void PriceSolver::set_market(const Demand& demand, const Supply& supply) {
  demand_ = &demand;
  supply_ = &supply;
  terms_.set_demand(demand);
  const Eigen::Index products = demand.products();
  validate_supply(supply, products);
  priced_.resize(products);
  own_part_.resize(products);
  for (Eigen::Index i = 0; i < products; ++i) {
    priced_(i) = terms_.offered(i) && std::isnan(supply.price_fixed(i)) ? 1 : 0;
    own_part_(i) = 1.0 / supply.fringe(i);
  }
  owners_.set_ownership(supply, priced_);
  for (Eigen::VectorXd* vector :
       {&own_scarcity_, &of_others_scarcity_, &margins_.of_others, &margins_.own, &margins_.scale,
        &required_, &condition_, &step_, &last_step_})
    vector->setZero(products);
  decomposed_ = false;
}

void PriceSolver::fail(const std::string& reason) const {
  std::string remedy = "check marginal costs, ownership and price sensitivity, or start nearer";
  if (terms_.log_price() && demand_->price_sensitivity.minCoeff() <= 1.0) {
    remedy = fmt::format(
        "price sensitivity η must exceed 1 or sellers gain from any higher price (smallest: {})",
        demand_->price_sensitivity.minCoeff());
  } else if (!demand_->outside_good) {
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
  if (start.size() != demand_->products()) {
    throw InvalidInput(fmt::format("posted prices: {} starting prices for {} products",
                                   start.size(), demand_->products()));
  }
  price = start;
  const bool log_price = terms_.log_price();
  for (Eigen::Index i = 0; i < price.size(); ++i) {
    if (!std::isnan(supply_->price_fixed(i))) price(i) = supply_->price_fixed(i);
    if (std::isfinite(price(i)) && (!log_price || price(i) > 0.0)) continue;
    const double cost = supply_->marginal_cost(i) / supply_->received(i);
    if (priced_(i) == 0) {
      if (!terms_.offered(i)) price(i) = std::isfinite(cost) ? cost : 0.0;
    } else if (log_price) {
      price(i) = cost > 0.0 ? 2.0 * cost : 1.0;
    } else {
      price(i) = cost + 1.0 / demand_->price_sensitivity.mean();
    }
  }
}

double PriceSolver::evaluate() {
  ++iterations;
  terms_.evaluate(price);
  const bool log_price = terms_.log_price();
  for (Eigen::Index j = 0; j < price.size(); ++j) {
    if (!terms_.offered(j)) continue;
    const double received = supply_->received(j);
    const double margin = received * price(j) - supply_->marginal_cost(j);
    margins_.of_others(j) = margin - of_others_scarcity_(j);
    margins_.own(j) = own_part_(j) * (margin - own_scarcity_(j));
    margins_.scale(j) = log_price ? received * price(j) : received;
  }
  terms_.compute_required(owners_, margins_, required_);
  residual = 0.0;
  double merit = 0.0;
  for (Eigen::Index i = 0; i < price.size(); ++i) {
    if (priced_(i) == 0) continue;
    const double margin = margins_.own(i) / own_part_(i);
    condition_(i) = margin - required_(i);
    const double h = terms_.inverse_response(i);
    // With a log term the share of the price that the own response explains moves with the price;
    // solving for it makes the map of a single-product firm as fast as with a linear term.
    const double relief = log_price && h < 0.95 ? 1.0 - h : 1.0;
    const double distance = std::abs(condition_(i)) / (supply_->received(i) * relief);
    if (!std::isfinite(distance)) fail(fmt::format("the condition of product {} is not finite", i));
    residual = std::max(residual, distance / std::max(1.0, std::abs(price(i))));
    const double scale = log_price ? price(i) : std::max(std::abs(price(i)), h);
    merit = std::max(merit, distance / scale);
  }
  return merit;
}

void PriceSolver::compute_fixed_point_step() {
  step_.setZero();
  for (Eigen::Index i = 0; i < price.size(); ++i) {
    if (priced_(i) == 0) continue;
    const double change = -condition_(i) / supply_->received(i);
    if (!terms_.log_price()) {
      step_(i) = change;
      continue;
    }
    const double h = terms_.inverse_response(i);
    const double ratio = 1.0 + change / price(i) / (h < 0.95 ? 1.0 - h : 1.0);
    step_(i) = deterministic_log(std::clamp(ratio, 0.1, 10.0));
  }
}

// Rows: the condition of every priced product over scale; columns: x of every product.
void PriceSolver::differentiate() {
  terms_.differentiate(owners_, margins_, slope_, diversion_);
  const Eigen::Index products = price.size();
  system_.setIdentity(products, products);
  for (Eigen::Index d = 0; d < owners_.makers(); ++d) {
    const DecisionRows::Range columns = owners_.columns(d);
    for (const std::uint32_t i : owners_.rows(d)) {
      const double scale = margins_.scale(i);
      system_.row(i) = -slope_.row(i) / scale;
      system_(i, i) += 1.0;
      if (terms_.log_price()) system_(i, i) -= terms_.inverse_response(i);
      for (std::size_t k = 0; k < columns.size(); ++k) {
        const std::uint32_t j = columns.first[k];
        const double weight = j == i ? own_part_(i) : owners_.weights(d)[k];
        system_(i, j) -= weight * diversion_(i, j) * margins_.scale(j) / scale;
      }
    }
  }
  for (Eigen::Index k = 0; k < products; ++k) {
    if (priced_(k) != 0) continue;
    system_.col(k).setZero();  // its price is held
    system_(k, k) = 1.0;
  }
}

void PriceSolver::compute_right_side() {
  right_side_ = -condition_;
  for (Eigen::Index i = 0; i < price.size(); ++i)
    right_side_(i) = priced_(i) != 0 ? right_side_(i) / margins_.scale(i) : 0.0;
}

// Broyden's update of the inverse, in the form that keeps past steps alone (Kelley 1995, 7.3).
void PriceSolver::correct_chord() {
  for (Eigen::Index k = 0; k < chords_; ++k) {
    const Eigen::VectorXd& past = past_steps_[static_cast<std::size_t>(k)];
    const double overlap = past.dot(step_) / past.squaredNorm();
    if (k + 1 < chords_) {
      step_ += overlap * past_steps_[static_cast<std::size_t>(k + 1)];
    } else {
      step_ /= 1.0 - overlap;
    }
  }
  past_steps_[static_cast<std::size_t>(chords_)] = step_;
  ++chords_;
}

bool PriceSolver::compute_newton_step(bool refresh) {
  refresh = refresh || !decomposed_ || chords_ == most_chords;
  if (refresh) {
    differentiate();
    decomposition_.compute(system_);
    decomposed_ = true;
  }
  compute_right_side();
  step_ = decomposition_.solve(right_side_);
  if (refresh) chords_ = 0;
  correct_chord();
  if (!step_.allFinite()) return false;
  for (Eigen::Index i = 0; i < price.size(); ++i) {
    const double limit =
        terms_.log_price() ? largest_log_step : largest_linear_step * terms_.inverse_response(i);
    if (priced_(i) != 0 && std::abs(step_(i)) > limit) return false;
  }
  return true;
}

void PriceSolver::apply_step(double fraction) {
  for (Eigen::Index i = 0; i < price.size(); ++i) {
    if (priced_(i) == 0) continue;
    price(i) = terms_.log_price() ? from_(i) * deterministic_exp(fraction * step_(i))
                                  : from_(i) + fraction * step_(i);
    if (std::abs(price(i)) > unbounded_growth * std::max({1.0, std::abs(from_start_(i)),
                                                          std::abs(supply_->marginal_cost(i))})) {
      fail(fmt::format("the price of product {} grows without bound", i));
    }
  }
}

// ζ converges from anywhere in practice, if slowly where firms are large; Newton is fast but only
// near the solution. So Newton is tried below a gate, kept if it halves the error, and otherwise
// undone and tried again only once ζ has brought the error down tenfold. A decomposition serves
// again while the error shrinks fast with it.
void PriceSolver::solve(const Eigen::Ref<const Eigen::VectorXd>& start,
                        const PricingOptions& options, const Scarcity* scarcity) {
  options_ = options;
  own_scarcity_.setZero();
  of_others_scarcity_.setZero();
  if (scarcity != nullptr) {
    own_scarcity_ = scarcity->own;
    of_others_scarcity_ = scarcity->of_others;
  }
  iterations = 0;
  residual = std::numeric_limits<double>::infinity();
  repair_start(start);
  from_start_ = price;
  decomposed_ = false;
  double merit = evaluate();
  double gate = newton_gate;
  double stride = 1.0;  // in ζ steps
  double longest_stride = 16.0;
  last_step_.setZero();
  bool refresh = true;
  while (merit > target_merit && iterations < options_.max_iterations) {
    from_ = price;
    if (merit < gate && compute_newton_step(refresh)) {
      apply_step(1.0);
      const double newton_merit = evaluate();
      refresh = newton_merit > chord_gain * merit;
      if (newton_merit < 0.5 * merit) {
        merit = newton_merit;
        continue;
      }
      // Neither halved nor far off: what is left is rounding.
      const bool at_rounding = std::min(merit, newton_merit) < 1e3 * target_merit;
      if (newton_merit > merit) {
        price = from_;
        merit = evaluate();
      } else {
        merit = newton_merit;
      }
      if (at_rounding && residual <= options_.tolerance) break;
      gate = 0.1 * merit;
      from_ = price;
    }
    compute_fixed_point_step();
    refresh = true;
    // Where a firm has nearly all buyers ζ creeps, step after equal step: lengthen them, less so
    // after each turn.
    const double turn = step_.dot(last_step_) / std::max(step_.norm() * last_step_.norm(), 1e-300);
    if (turn < 0.0) longest_stride = std::max(0.5 * longest_stride, 1.0);
    if (iterations > options_.max_iterations / 10) longest_stride = std::min(longest_stride, 1.0);
    if (iterations > options_.max_iterations / 2) longest_stride = std::min(longest_stride, 0.25);
    stride = std::min(turn > 0.9 ? 1.5 * stride : std::min(stride, 1.0), longest_stride);
    last_step_ = step_;
    apply_step(stride);
    const double next = evaluate();
    if (next > merit && stride <= 1.0) stride = std::max(0.5 * stride, shortest_stride);
    if (next <= merit && stride < 1.0) stride = std::min(1.0, 1.2 * stride);
    merit = next;
  }
  if (!(residual <= options_.tolerance)) fail("did not converge");
}

double PriceSolver::evaluate_at(const Eigen::Ref<const Eigen::VectorXd>& prices,
                                const Scarcity& scarcity) {
  price = prices;
  own_scarcity_ = scarcity.own;
  of_others_scarcity_ = scarcity.of_others;
  return evaluate();
}

// The conditions are margin_i − μ_i (own) − Σ_j (Ω_ij/Ω_ii) G_ij (margin_j − μ_j) − scale_i h_i =
// 0: the derivative by μ_k is −1{i=k} + (Ω_ik/Ω_ii) G_ik.
void PriceSolver::compute_response(bool own_only, Eigen::MatrixXd& response,
                                   Eigen::VectorXd& correction) {
  differentiate();
  decomposition_.compute(system_);
  decomposed_ = true;
  const Eigen::Index products = price.size();
  response.setZero(products, products);
  for (Eigen::Index d = 0; d < owners_.makers(); ++d) {
    const DecisionRows::Range columns = owners_.columns(d);
    for (const std::uint32_t i : owners_.rows(d)) {
      response(i, i) = 1.0 / margins_.scale(i);
      for (std::size_t k = 0; k < columns.size(); ++k) {
        const std::uint32_t j = columns.first[k];
        if (own_only && j != i) continue;
        const double weight = j == i ? own_part_(i) : owners_.weights(d)[k];
        response(i, j) -= weight * diversion_(i, j) / margins_.scale(i);
      }
    }
  }
  response = decomposition_.solve(response).eval();
  compute_right_side();
  correction = decomposition_.solve(right_side_);
  if (terms_.log_price()) {
    correction.array() *= price.array();
    for (Eigen::Index i = 0; i < products; ++i)
      response.row(i) *= price(i);
  }
  constexpr double singular = 1e-15;
  if (!(decomposition_.rcond() > singular) || !response.allFinite() || !correction.allFinite()) {
    throw Infeasible(
        "posted prices: the first-order conditions do not determine how prices respond; is a firm "
        "without rivals and outside good?");
  }
}

}  // namespace entente::market
