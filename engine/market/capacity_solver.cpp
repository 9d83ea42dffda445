#include "engine/market/capacity_solver.hpp"

#include <Eigen/LU>
#include <algorithm>
#include <cmath>
#include <fmt/format.h>

#include "engine/market/elementary.hpp"
#include "engine/market/failure.hpp"

namespace entente::market {

namespace {

constexpr double joint_target = 1e-13;     // of relative price steps and of ln(quantity/capacity)
constexpr double joint_tolerance = 1e-11;  // likewise, at the end
constexpr int most_joint_steps = 60;
constexpr double smallest_stride = 1e-4;  // of the way from free quantities to capacities
constexpr int most_paths = 8;
constexpr double smallest_quantity = 1e-300;

}  // namespace

void CapacitySolver::validate() const {
  const Eigen::Index count = resources_.capacity.size();
  if (resources_.use.rows() != count || resources_.use.cols() != demand_.products()) {
    throw InvalidInput(fmt::format("capacity: use is {}×{}, for {} resources and {} products",
                                   resources_.use.rows(), resources_.use.cols(), count,
                                   demand_.products()));
  }
  if (!(size_ > 0.0) || !std::isfinite(size_))
    throw InvalidInput(fmt::format("capacity: market size {} must be finite and above 0", size_));
  for (Eigen::Index k = 0; k < count; ++k) {
    if (!(resources_.capacity(k) >= 0.0)) {
      throw InvalidInput(fmt::format("capacity: {} of resource {} is negative or not a number",
                                     resources_.capacity(k), k));
    }
    if (!(resources_.use.row(k).array() >= 0.0).all() || !resources_.use.row(k).allFinite()) {
      throw InvalidInput(
          fmt::format("capacity: use of resource {} must be finite and not negative", k));
    }
  }
}

/// Marks resources that can never be full, because others are full before them: one of a single
/// product that a shared one limits more, a shared one whose users' own limits leave room in it.
void CapacitySolver::find_redundant() {
  const Eigen::Index count = resources_.capacity.size();
  redundant_.assign(static_cast<std::size_t>(count), false);
  Eigen::VectorXi users = Eigen::VectorXi::Zero(count);
  Eigen::VectorXd own_limit = Eigen::VectorXd::Constant(demand_.products(), INFINITY);
  for (Eigen::Index k = 0; k < count; ++k) {
    Eigen::Index last = 0;
    for (Eigen::Index j = 0; j < demand_.products(); ++j) {
      if (!solver_.priced(j) || !(resources_.use(k, j) > 0.0)) continue;
      ++users(k);
      last = j;
    }
    if (users(k) == 1)
      own_limit(last) = std::min(own_limit(last), resources_.capacity(k) / resources_.use(k, last));
  }
  for (Eigen::Index k = 0; k < count; ++k) {
    if (users(k) < 2) continue;
    double most = 0.0;
    for (Eigen::Index j = 0; j < demand_.products(); ++j) {
      const double use = resources_.use(k, j);
      if (!solver_.priced(j) || !(use > 0.0)) continue;
      most += use * own_limit(j);
      for (Eigen::Index own = 0; own < count; ++own) {
        if (users(own) != 1 || !(resources_.use(own, j) > 0.0)) continue;
        const double limit = resources_.capacity(own) / resources_.use(own, j);
        if (use * limit > resources_.capacity(k)) redundant_[static_cast<std::size_t>(own)] = true;
      }
    }
    if (most <= resources_.capacity(k)) redundant_[static_cast<std::size_t>(k)] = true;
  }
}

/// Whether somebody who sets a price uses the resource, and there is a limit to it.
bool CapacitySolver::limited(Eigen::Index resource) const {
  if (!std::isfinite(resources_.capacity(resource))) return false;
  if (redundant_[static_cast<std::size_t>(resource)]) return false;
  for (Eigen::Index j = 0; j < demand_.products(); ++j) {
    if (solver_.priced(j) && resources_.use(resource, j) > 0.0) return true;
  }
  return false;
}

void CapacitySolver::require_feasible() const {
  double total = 0.0;
  for (Eigen::Index j = 0; j < demand_.products(); ++j) {
    double most = INFINITY;
    for (Eigen::Index k = 0; k < resources_.capacity.size(); ++k) {
      if (!solver_.priced(j) || !(resources_.use(k, j) > 0.0)) continue;
      most = std::min(most, resources_.capacity(k) / resources_.use(k, j));
      if (resources_.capacity(k) > 0.0) continue;
      throw Infeasible(fmt::format(
          "product {} is offered with capacity {} of resource {}: no price rations demand to that; "
          "leave the product out of the market instead",
          j, resources_.capacity(k), k));
    }
    const bool offered = (demand_.utility.row(j) > -INFINITY).any();
    if (offered) total += most;
  }
  if (!demand_.outside_good && !(total > size_)) {
    throw Infeasible(
        fmt::format("without an outside good every one of {} buyers buys, but capacities sum to {}",
                    size_, total));
  }
}

double CapacitySolver::measure_use(Eigen::Index resource, const Eigen::VectorXd& share) const {
  return size_ * resources_.use.row(resource).dot(share);
}

void CapacitySolver::set_scarcity() {
  scarcity_.own = resources_.use.transpose() * shadow_price_;
  if (conditions_ == CapacityConditions::kkt) scarcity_.of_others = scarcity_.own;
}

void CapacitySolver::solve_prices(const Eigen::VectorXd& start) {
  set_scarcity();
  solver_.solve(start, options_, &scarcity_);
  iterations_ += solver_.iterations;
}

// A resource misses its target by ln(used/target) − ln(rest/rest at the targets), rest being the
// share of all that needs no full resource: log odds are nearly linear in shadow prices also where
// the full products have nearly all buyers. The rest at the targets is what remains when each
// product shrinks with the resources it uses.
double CapacitySolver::measure_misses(const Binding& binding) {
  const Eigen::VectorXd& share = solver_.terms().share;
  const auto count = static_cast<Eigen::Index>(binding.size());
  const Eigen::Index products = demand_.products();
  miss_.resize(count);
  used_.resize(count);
  shrink_.resize(count);
  limited_use_ = Eigen::VectorXd::Zero(products);
  for (Eigen::Index b = 0; b < count; ++b) {
    const Eigen::Index k = binding[static_cast<std::size_t>(b)];
    used_(b) = std::max(size_ * resources_.use.row(k).dot(share), smallest_quantity);
    shrink_(b) = resources_.capacity(k) * deterministic_exp(target_(b)) / used_(b);
    limited_use_ += resources_.use.row(k).transpose();
  }
  rest_ = solver_.terms().outside_share;
  target_rest_ = 1.0;
  for (Eigen::Index j = 0; j < products; ++j) {
    if (limited_use_(j) == 0.0) {
      rest_ += share(j);
      continue;
    }
    for (Eigen::Index b = 0; b < count; ++b)
      target_rest_ -= share(j) * shrink_(b) * relative_use(binding, b, j);
  }
  rest_ = std::max(rest_, smallest_quantity);
  if (!(target_rest_ > 0.0)) {
    throw NoConvergence("capacity: the full resources could serve more than all buyers",
                        -target_rest_, iterations_);
  }
  for (Eigen::Index b = 0; b < count; ++b)
    miss_(b) = -deterministic_log(shrink_(b)) - deterministic_log(rest_ / target_rest_);
  return count == 0 ? 0.0 : miss_.cwiseAbs().maxCoeff();
}

/// Use of a full resource by a product over its use of all full resources.
double CapacitySolver::relative_use(const Binding& binding, Eigen::Index b, Eigen::Index j) const {
  return resources_.use(binding[static_cast<std::size_t>(b)], j) / limited_use_(j);
}

// Newton's step of shadow prices for the misses, whose derivatives by shares go through prices:
// ds_j/dμ = Σ_i (ds_j/dp_i) (dp_i/dμ).
void CapacitySolver::compute_step(const Binding& binding) {
  const auto count = static_cast<Eigen::Index>(binding.size());
  const Eigen::Index products = demand_.products();
  const Eigen::VectorXd& share = solver_.terms().share;
  solver_.compute_response(conditions_ == CapacityConditions::logitcap, price_step_, correction_);
  Eigen::MatrixXd share_step = compute_share_jacobian(demand_, solver_.price);
  for (Eigen::Index i = 0; i < products; ++i) {
    if (!solver_.priced(i)) share_step.col(i).setZero();
  }
  const Eigen::VectorXd share_correction = share_step * correction_;
  share_step *= price_step_;
  // Of the rest at the targets, which moves where products share a resource.
  Eigen::VectorXd target_rest_slope = Eigen::VectorXd::Zero(products);
  for (Eigen::Index b = 0; b < count; ++b) {
    double sharing = 0.0;
    for (Eigen::Index j = 0; j < products; ++j) {
      if (limited_use_(j) == 0.0) continue;
      const double part = relative_use(binding, b, j);
      sharing += share(j) * part;
      target_rest_slope(j) -= shrink_(b) * part;
    }
    target_rest_slope += (sharing * shrink_(b) * size_ / used_(b)) *
                         resources_.use.row(binding[static_cast<std::size_t>(b)]).transpose();
  }
  Eigen::VectorXd rest_slope = target_rest_slope / target_rest_;
  for (Eigen::Index j = 0; j < products; ++j) {
    if (limited_use_(j) != 0.0) rest_slope(j) += 1.0 / rest_;
  }
  // The rest is all but the limited products, so that it falls as they rise.
  slope_.resize(count, count);
  step_.resize(count);
  for (Eigen::Index b = 0; b < count; ++b) {
    const Eigen::Index k = binding[static_cast<std::size_t>(b)];
    const Eigen::VectorXd by_share =
        (size_ / used_(b)) * resources_.use.row(k).transpose() + rest_slope;
    step_(b) = -miss_(b) - by_share.dot(share_correction);
    for (Eigen::Index a = 0; a < count; ++a) {
      const Eigen::Index l = binding[static_cast<std::size_t>(a)];
      slope_(b, a) = by_share.dot(share_step * resources_.use.row(l).transpose());
    }
  }
  step_ = slope_.partialPivLu().solve(step_).eval();
  if (!step_.allFinite()) {
    throw NoConvergence(
        "capacity: the shadow prices of the full resources are not determined; do several of them "
        "limit the same products?",
        miss_.cwiseAbs().maxCoeff(), iterations_);
  }
}

/// Moves prices and shadow prices by a fraction of Newton's step; returns how far conditions and
/// quantities are from what they should be then.
double CapacitySolver::move(const Binding& binding, const Eigen::VectorXd& price_before,
                            const Eigen::VectorXd& shadow_price_before, double fraction) {
  Eigen::VectorXd change = correction_;
  for (std::size_t b = 0; b < binding.size(); ++b) {
    const Eigen::Index k = binding[b];
    const double step = step_(static_cast<Eigen::Index>(b));
    shadow_price_(k) = shadow_price_before(k) + fraction * step;
    change += step * (price_step_ * resources_.use.row(k).transpose());
  }
  Eigen::VectorXd price = price_before;
  for (Eigen::Index i = 0; i < price.size(); ++i) {
    if (!solver_.priced(i)) continue;
    if (demand_.price_term == PriceTerm::log) {
      // No step leads to a price below 0, none further than a factor of ten.
      price(i) *= deterministic_exp(std::clamp(fraction * change(i) / price(i), -2.3, 2.3));
    } else {
      price(i) += fraction * change(i);
    }
  }
  set_scarcity();
  ++iterations_;
  const double merit = solver_.evaluate_at(price, scarcity_);
  return std::max(merit, measure_misses(binding));
}

/// Newton's method on prices and shadow prices together, for the present targets. False, with
/// nothing said of the state, where it leads nowhere.
bool CapacitySolver::try_targets(const Binding& binding) {
  double worst = measure_misses(binding);
  for (int steps = 0; worst > joint_target && steps < most_joint_steps; ++steps) {
    compute_step(binding);
    const Eigen::VectorXd price_before = solver_.price;
    const Eigen::VectorXd shadow_price_before = shadow_price_;
    double fraction = 1.0;
    double next = move(binding, price_before, shadow_price_before, fraction);
    while (!(next < worst) && fraction > 0.1 && worst > joint_tolerance) {
      fraction *= 0.5;
      next = move(binding, price_before, shadow_price_before, fraction);
    }
    if (!(next < worst)) {
      if (worst > joint_tolerance) return false;
      step_.setZero();  // what is left is rounding
      correction_.setZero();
      move(binding, price_before, shadow_price_before, 1.0);
      return true;
    }
    worst = next;
  }
  return worst <= joint_tolerance;
}

bool CapacitySolver::reach_targets(const Binding& binding) {
  try {
    return try_targets(binding);
  } catch (const MarketFailure&) {
    return false;
  }
}

/// Shrinks capacities step by step from what is used now to their size. False where the path ends
/// before, as where an equilibrium of mixed logit vanishes; prices are the last reached then.
bool CapacitySolver::follow_path(const Binding& binding) {
  const auto count = static_cast<Eigen::Index>(binding.size());
  target_ = Eigen::VectorXd::Zero(count);
  measure_misses(binding);
  Eigen::VectorXd gap(count);
  for (Eigen::Index b = 0; b < count; ++b)
    gap(b) = -deterministic_log(shrink_(b));
  from_ = solver_.price;
  Eigen::VectorXd shadow_price_before = shadow_price_;
  double done = 0.0;
  double stride = 1.0;
  while (done < 1.0 && stride > smallest_stride) {
    const double next = std::min(1.0, done + stride);
    target_ = (1.0 - next) * gap;
    if (reach_targets(binding)) {
      done = next;
      stride *= 2.0;
      shadow_price_before = shadow_price_;
      from_ = solver_.price;
      continue;
    }
    stride *= 0.25;
    shadow_price_ = shadow_price_before;
    set_scarcity();
    solver_.evaluate_at(from_, scarcity_);
  }
  return done == 1.0;
}

/// Past the end of a path: solves prices anew at the shadow prices that Newton's method proposes,
/// which leads to another equilibrium.
void CapacitySolver::leave_path(const Binding& binding) {
  target_.setZero();
  measure_misses(binding);
  compute_step(binding);
  Eigen::VectorXd price = solver_.price;
  for (std::size_t b = 0; b < binding.size(); ++b) {
    const double step = step_(static_cast<Eigen::Index>(b));
    shadow_price_(binding[b]) += step;
    price += step * (price_step_ * resources_.use.row(binding[b]).transpose());
  }
  solve_prices(price);
}

/// Finds shadow prices at which the binding resources are used exactly.
void CapacitySolver::clear(const Binding& binding) {
  for (Eigen::Index k = 0; k < shadow_price_.size(); ++k) {
    if (std::find(binding.begin(), binding.end(), k) == binding.end()) shadow_price_(k) = 0.0;
  }
  solve_prices(from_);
  from_ = solver_.price;
  if (binding.empty()) return;
  for (int paths = 1; !follow_path(binding); ++paths) {
    if (paths == most_paths) {
      throw NoConvergence(
          fmt::format(
              "capacity: no shadow prices bring demand for the full resources to their "
              "capacities, which it misses by a factor of 1 ± {:.3g}; check that prices can "
              "ration demand to them",
              miss_.cwiseAbs().maxCoeff()),
          miss_.cwiseAbs().maxCoeff(), iterations_);
    }
    leave_path(binding);
  }
  if (!(solver_.residual <= options_.tolerance)) {
    throw NoConvergence(
        fmt::format("capacity: first-order residual {:.3g} is above {:.3g}; start nearer",
                    solver_.residual, options_.tolerance),
        solver_.residual, iterations_);
  }
}

CapacityPrices CapacitySolver::collect(const Binding& binding) const {
  CapacityPrices result;
  result.prices.price = solver_.price;
  result.prices.markup = supply_.received.cwiseProduct(solver_.price) - supply_.marginal_cost;
  result.prices.residual = solver_.residual;
  result.prices.iterations = iterations_;
  result.shadow_price = shadow_price_.cwiseMax(0.0);  // below 0 by rounding alone
  result.effective_cost = supply_.marginal_cost + resources_.use.transpose() * result.shadow_price;
  result.binding.assign(static_cast<std::size_t>(shadow_price_.size()), false);
  for (const Eigen::Index k : binding)
    result.binding[static_cast<std::size_t>(k)] = true;
  return result;
}

}  // namespace entente::market
