#include "engine/market/logit_prices.hpp"

#include <algorithm>
#include <cmath>
#include <fmt/format.h>
#include <limits>

#include "engine/market/elementary.hpp"
#include "engine/market/failure.hpp"

namespace entente::market {

namespace {

constexpr double infinity = std::numeric_limits<double>::infinity();
constexpr int most_iterations = 200;
constexpr double smallest_step = 4e-16;

/// x at which −ln(1 + e^{−x}) + 1 + e^x = target, an increasing function: s = 1/(1 + e^{−x}) is the
/// share at which the markup 1/(1 − s) = 1 + e^x leaves a firm of that appeal with share s.
double solve_logit_share(double target) {
  double x = target < 1.5 ? target - 1.0 : deterministic_log(target);
  for (int k = 0; k < most_iterations; ++k) {
    const double odds = deterministic_exp(x);
    // ln s = x − ln(1 + e^x) keeps its figures for small shares, −ln(1 + 1/odds) for large ones.
    const double log_share =
        x < 0.0 ? x - deterministic_log1p(odds) : -deterministic_log1p(1.0 / odds);
    const double step = (target - (log_share + 1.0 + odds)) / (1.0 / (1.0 + odds) + odds);
    x += step;
    if (std::abs(step) < 1e-9) return x;  // squared by the next step, which nobody would see
  }
  return x;
}

}  // namespace

bool LogitPriceSolver::accepts(const Demand& demand, const Supply& supply) {
  const Eigen::Index products = demand.products();
  if (demand.cells() != 1 || demand.price_term != PriceTerm::linear) return false;
  if (demand.nesting.minCoeff() < 1.0) return false;
  firm_of_.assign(static_cast<std::size_t>(products), -1);
  int firms = 0;
  for (Eigen::Index i = 0; i < products; ++i) {
    if (!(demand.utility(i, 0) > -infinity)) continue;
    if (!std::isnan(supply.price_fixed(i)) || supply.received(i) != 1.0 || supply.fringe(i) != 1.0)
      return false;
    const double own = supply.ownership(i, i);
    int& firm = firm_of_[static_cast<std::size_t>(i)];
    for (Eigen::Index j = 0; j < products; ++j) {
      if (!(demand.utility(j, 0) > -infinity)) continue;
      const double weight = supply.ownership(i, j);
      if (weight != 0.0 && weight != own) return false;
      if ((weight != 0.0) != (supply.ownership(j, i) != 0.0)) return false;
      // The firm of the first product with which i shares one; all of that firm must agree.
      if (weight != 0.0 && j < i && firm < 0) firm = firm_of_[static_cast<std::size_t>(j)];
    }
    if (firm < 0) firm = firms++;
    for (Eigen::Index j = 0; j < i; ++j) {
      const int other = firm_of_[static_cast<std::size_t>(j)];
      if (other >= 0 && (other == firm) != (supply.ownership(i, j) != 0.0)) return false;
    }
  }
  firms_.assign(static_cast<std::size_t>(firms), Firm{-infinity, 0.0});
  return firms > 0;
}

/// ln(Σ_f s_f + 1/H), which falls in ln H, and its slope.
double LogitPriceSolver::measure_excess(double log_aggregator, double& slope) {
  double total = outside_good_ ? deterministic_exp(-log_aggregator) : 0.0;
  slope = -total;
  for (Firm& firm : firms_) {
    firm.logit_share = solve_logit_share(firm.log_appeal - log_aggregator);
    const double odds = deterministic_exp(firm.logit_share);
    const double rest = 1.0 / (1.0 + odds);
    const double share = odds * rest;
    total += share;
    slope -= share * rest / (rest + odds);
  }
  slope /= total;
  return deterministic_log(total);
}

void LogitPriceSolver::find_aggregator() {
  iterations = 0;
  if (!outside_good_ && firms_.size() == 1) {
    throw NoConvergence(
        "posted prices: a firm without rivals and outside good gains from any higher price",
        infinity, iterations);
  }
  // At markups of 1, below which nobody goes, the aggregator is largest.
  double largest = outside_good_ ? 0.0 : -infinity;
  for (const Firm& firm : firms_)
    largest = std::max(largest, firm.log_appeal - 1.0);
  double sum = outside_good_ ? deterministic_exp(-largest) : 0.0;
  for (const Firm& firm : firms_)
    sum += deterministic_exp(firm.log_appeal - 1.0 - largest);
  double high = largest + deterministic_log(sum);
  double low = outside_good_ ? 0.0 : -infinity;
  double at = high;
  for (iterations = 1; iterations <= most_iterations; ++iterations) {
    double slope = 0.0;
    const double excess = measure_excess(at, slope);
    (excess > 0.0 ? low : high) = at;
    double next = at - excess / slope;
    const bool bracketed = next >= low && next <= high;  // false for NaN
    if (!bracketed) next = low > -infinity ? 0.5 * (low + high) : at - 10.0;
    const double step = std::abs(next - at);
    at = next;
    if (step <= smallest_step * std::max(1.0, std::abs(at))) return;
    if (step < 1e-8) {  // one more evaluation at the root is all there is to gain
      measure_excess(at, slope);
      return;
    }
    if (!std::isfinite(at)) break;
  }
  throw NoConvergence(
      fmt::format("posted prices: the aggregator of plain logit did not converge in {} iterations; "
                  "check costs and utilities",
                  iterations),
      infinity, iterations);
}

void LogitPriceSolver::measure_residual(const Demand& demand, const Supply& supply) {
  const double sensitivity = demand.price_sensitivity(0);
  const Eigen::Index products = price.size();
  double largest = outside_good_ ? 0.0 : -infinity;
  for (Eigen::Index j = 0; j < products; ++j) {
    share_(j) = demand.utility(j, 0) - sensitivity * price(j);
    largest = std::max(largest, share_(j));
  }
  double total = outside_good_ ? deterministic_exp(-largest) : 0.0;
  for (double& share : share_) {
    share = deterministic_exp(share - largest);
    total += share;
  }
  share_ /= total;
  residual = 0.0;
  for (std::size_t f = 0; f < firms_.size(); ++f) {
    double kept = 0.0;  // Σ_j s_j m_j of the firm
    for (Eigen::Index j = 0; j < products; ++j) {
      if (firm_of_[static_cast<std::size_t>(j)] == static_cast<int>(f))
        kept += share_(j) * (price(j) - supply.marginal_cost(j));
    }
    for (Eigen::Index j = 0; j < products; ++j) {
      if (firm_of_[static_cast<std::size_t>(j)] != static_cast<int>(f)) continue;
      const double miss = std::abs(price(j) - supply.marginal_cost(j) - 1.0 / sensitivity - kept);
      residual = std::max(residual, miss / std::max(1.0, std::abs(price(j))));
    }
  }
}

void LogitPriceSolver::solve(const Demand& demand, const Supply& supply,
                             const PricingOptions& options) {
  const double sensitivity = demand.price_sensitivity(0);
  const Eigen::Index products = demand.products();
  outside_good_ = demand.outside_good;
  price.resize(products);
  share_.resize(products);
  appeal_.resize(products);
  for (Eigen::Index j = 0; j < products; ++j) {
    const int firm = firm_of_[static_cast<std::size_t>(j)];
    appeal_(j) =
        firm < 0 ? -infinity : demand.utility(j, 0) - sensitivity * supply.marginal_cost(j);
    if (firm < 0) continue;
    double& largest = firms_[static_cast<std::size_t>(firm)].log_appeal;
    largest = std::max(largest, appeal_(j));
  }
  for (std::size_t f = 0; f < firms_.size(); ++f) {
    double sum = 0.0;
    for (Eigen::Index j = 0; j < products; ++j) {
      if (firm_of_[static_cast<std::size_t>(j)] == static_cast<int>(f))
        sum += deterministic_exp(appeal_(j) - firms_[f].log_appeal);
    }
    firms_[f].log_appeal += deterministic_log(sum);
  }
  find_aggregator();
  for (Eigen::Index j = 0; j < products; ++j) {
    price(j) = supply.marginal_cost(j);
    const int firm = firm_of_[static_cast<std::size_t>(j)];
    if (firm < 0) continue;
    const double odds = deterministic_exp(firms_[static_cast<std::size_t>(firm)].logit_share);
    price(j) += (1.0 + odds) / sensitivity;
  }
  measure_residual(demand, supply);
  if (residual <= options.tolerance) return;
  throw NoConvergence(
      fmt::format(
          "posted prices: first-order residual {:.3g} of plain logit is above {:.3g}; check "
          "costs and utilities",
          residual, options.tolerance),
      residual, iterations);
}

}  // namespace entente::market
