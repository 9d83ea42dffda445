#include "engine/market/procurement/bargained_price_solver.hpp"

#include <Eigen/LU>
#include <algorithm>
#include <cmath>
#include <fmt/format.h>
#include <string>

#include "engine/market/elementary.hpp"
#include "engine/market/failure.hpp"
#include "engine/market/procurement/bargained_markup.hpp"

namespace entente::market {

namespace {

constexpr double infinity = std::numeric_limits<double>::infinity();
constexpr double unbounded_growth = 1e8;  // in 1/α

}  // namespace

BargainedPriceSolver::BargainedPriceSolver(const Demand& demand, const Supply& supply,
                                           const Eigen::Ref<const Eigen::VectorXd>& buyer_weight,
                                           const PricingOptions& options)
    : demand_(demand),
      supply_(supply),
      buyer_weight_(buyer_weight),
      options_(options),
      products_(demand.products()),
      alpha_(demand.price_sensitivity(0)),
      offered_(products_),
      priced_(products_),
      relative_(supply.ownership),
      odds_(Eigen::MatrixXd::Zero(products_, products_)),
      log_rest_(Eigen::VectorXd::Zero(products_)),
      log_odds_(Eigen::VectorXd::Zero(products_)),
      regained_(Eigen::VectorXd::Zero(products_)),
      condition_(Eigen::VectorXd::Zero(products_)),
      last_change_(Eigen::VectorXd::Zero(products_)) {
  price.resize(products_);
  for (Eigen::Index i = 0; i < products_; ++i) {
    offered_(i) = demand.utility(i, 0) > -infinity ? 1 : 0;
    priced_(i) = offered_(i) != 0 && std::isnan(supply.price_fixed(i)) ? 1 : 0;
    relative_.row(i) /= supply.ownership(i, i);
    price(i) = supply.marginal_cost(i) / received(i);
    if (priced_(i) != 0) price(i) += (1.0 - buyer_weight_(i)) / alpha_;
    if (!std::isnan(supply.price_fixed(i))) price(i) = supply.price_fixed(i);
  }
  from_start_ = price;
  find_groups();
}

/// Fills row i of everything that depends on the other products' prices.
void BargainedPriceSolver::weigh_rivals(Eigen::Index i) {
  const double others_in_fringe = 1.0 - 1.0 / supply_.fringe(i);
  double largest = demand_.outside_good ? 0.0 : -infinity;
  for (Eigen::Index j = 0; j < products_; ++j) {
    if (j != i && offered_(j) != 0) largest = std::max(largest, utility(j));
  }
  // Alone: only a fringe has rivals then, and they are in it.
  const double shift = largest == -infinity ? utility(i) : largest;
  double sum = demand_.outside_good ? deterministic_exp(-shift) : 0.0;
  for (Eigen::Index j = 0; j < products_; ++j) {
    odds_(i, j) = j != i && offered_(j) != 0 ? deterministic_exp(utility(j) - shift) : 0.0;
    sum += odds_(i, j);
  }
  log_rest_(i) = sum > 0.0 ? shift + deterministic_log(sum) : -infinity;
  double log_total = log_rest_(i);
  if (others_in_fringe > 0.0) {
    const double own = utility(i) + deterministic_log(others_in_fringe);
    const double top = std::max(own, log_total);
    log_total = top + deterministic_log(deterministic_exp(own - top) +
                                        deterministic_exp(log_rest_(i) - top));
    odds_(i, i) = deterministic_exp(own - log_total);
  }
  const double factor = deterministic_exp(shift - log_total);
  regained_(i) = 0.0;
  for (Eigen::Index j = 0; j < products_; ++j) {
    if (j == i || odds_(i, j) == 0.0) continue;
    odds_(i, j) *= factor;
    regained_(i) += relative_(i, j) * odds_(i, j) * markup(j);
  }
  log_odds_(i) = utility(i) - deterministic_log(supply_.fringe(i)) - log_total;
}

/// Fills all conditions, over received, at the present prices.
void BargainedPriceSolver::evaluate() {
  residual = 0.0;
  for (Eigen::Index i = 0; i < products_; ++i) {
    if (priced_(i) == 0) continue;
    weigh_rivals(i);
    const double gain = compute_bargained_markup(log_odds_(i), buyer_weight_(i)).value / alpha_;
    condition_(i) = (markup(i) - regained_(i)) / received(i) - gain;
    const double miss = std::abs(condition_(i)) / std::max(1.0, std::abs(price(i)));
    residual = miss <= residual ? residual : miss;
    if (std::isnan(residual)) residual = infinity;
  }
}

// dx_i/dp_k = −α(1{i=k} − odds_ik); a price moves the odds of others alike.
void BargainedPriceSolver::assemble_newton() {
  system_ = Eigen::MatrixXd::Identity(products_, products_);
  for (Eigen::Index i = 0; i < products_; ++i) {
    if (priced_(i) == 0) continue;
    const BargainedMarkup gain = compute_bargained_markup(log_odds_(i), buyer_weight_(i));
    for (Eigen::Index k = 0; k < products_; ++k) {
      const double odds = odds_(i, k);
      if (i == k) {
        system_(i, k) =
            received(i) * (1.0 + gain.slope * (1.0 - odds)) - alpha_ * odds * regained_(i);
      } else {
        system_(i, k) = -odds * (received(i) * gain.slope + alpha_ * regained_(i) +
                                 relative_(i, k) * (received(k) - alpha_ * markup(k)));
      }
    }
    system_.row(i) /= received(i);
  }
}

/// Largest entry of a step, relative to the price or 1/α, whichever is larger.
double BargainedPriceSolver::measure(const Eigen::VectorXd& step) const {
  if (!step.allFinite()) return infinity;
  double size = 0.0;
  for (Eigen::Index i = 0; i < products_; ++i) {
    size = std::max(size, std::abs(step(i)) / std::max(1.0 / alpha_, std::abs(price(i))));
  }
  return size;
}

// Kept if the next step with the same derivatives is at most half as long: Deuflhard's (2004)
// natural test, which unlike one of residuals does not depend on how conditions are scaled, and
// they differ without bound between a firm that is nearly alone and its rivals.
BargainedPriceSolver::Progress BargainedPriceSolver::step_newton() {
  constexpr double longest = 3.0;  // in 1/α: further away answers are safer
  constexpr double negligible = 1e-15;
  constexpr double rounding = 1e-12;  // below it a step that does not shrink is noise
  assemble_newton();
  if (!system_.allFinite() || !condition_.allFinite()) return Progress::stuck;
  const Eigen::PartialPivLU<Eigen::MatrixXd> decomposition(system_);
  const Eigen::VectorXd step = decomposition.solve(-condition_);
  const double size = measure(step);
  const double reach = alpha_ * step.cwiseAbs().maxCoeff();
  const bool near = std::isfinite(size) && reach <= longest;
  if (!near) return Progress::stuck;
  const Eigen::VectorXd from = price;
  price += step;
  evaluate();
  const double next = measure(decomposition.solve(-condition_));
  const bool settled = next <= negligible || size <= rounding;
  if (settled && residual <= options_.tolerance) return Progress::settled;
  if (next <= 0.5 * size) return Progress::advanced;
  price = from;
  evaluate();
  return Progress::stuck;
}

void BargainedPriceSolver::fail(const std::string& reason) const {
  std::string remedy = "check costs, ownership and price sensitivity, or allow more iterations";
  if (!demand_.outside_good) {
    remedy += "; without an outside good every firm needs rivals that do not count its profit";
  }
  throw NoConvergence(fmt::format("bargained prices: {}; residual {:.3g} after {} iterations, "
                                  "tolerance {:.3g}; {}",
                                  reason, residual, iterations, options_.tolerance, remedy),
                      residual, iterations);
}

/// One round of best answers, shortened where rounds turn back and forth.
void BargainedPriceSolver::play_round() {
  const Eigen::VectorXd from = price;
  for (Eigen::Index i = 0; i < products_; ++i) {
    if (priced_(i) != 0) answer(i);
  }
  for (const std::vector<Eigen::Index>& group : groups_)
    shift(group);
  const Eigen::VectorXd change = price - from;
  if (change.dot(last_change_) < 0.0) {
    stride_ *= 0.5;
  } else {
    stride_ = std::min(1.0, 1.5 * stride_);
  }
  last_change_ = change;
  price = from + stride_ * change;
  for (Eigen::Index i = 0; i < products_; ++i) {
    const bool bounded = alpha_ * std::abs(price(i) - from_start_(i)) < unbounded_growth;
    if (!bounded) fail(fmt::format("the price of product {} grows without bound", i));
  }
  evaluate();
}

void BargainedPriceSolver::solve() {
  constexpr int most_setbacks = 5;
  int setbacks = 0;
  evaluate();
  while (iterations < options_.max_iterations) {
    ++iterations;
    const Progress progress = step_newton();
    if (progress == Progress::settled) break;
    if (progress == Progress::advanced) continue;
    // Steps of the size of rounding need not shrink.
    if (residual <= options_.tolerance && ++setbacks > most_setbacks) break;
    play_round();
  }
  if (!(residual <= options_.tolerance) || !price.allFinite()) fail("did not converge");
}

}  // namespace entente::market
