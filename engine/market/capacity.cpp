#include <algorithm>
#include <cmath>
#include <fmt/format.h>
#include <set>
#include <vector>

#include "engine/market/failure.hpp"
#include "engine/market/price_solver.hpp"
#include "engine/market/pricing.hpp"

namespace entente::market {

namespace {

using Binding = std::vector<Eigen::Index>;

constexpr double share_tolerance = 1e-10;   // relative, of demand above capacity
constexpr double shadow_tolerance = 1e-11;  // relative to price, of a negative shadow price

/// Products whose demand at `share` is above `slack` times capacity.
Binding find_full(const PriceSolver& solver, const Eigen::VectorXd& share,
                  const Eigen::VectorXd& target_share, double slack) {
  Binding full;
  for (Eigen::Index j = 0; j < share.size(); ++j) {
    if (solver.priced(j) && share(j) > slack * target_share(j)) full.push_back(j);
  }
  return full;
}

void require_feasible(const Demand& demand, const PriceSolver& solver, double size,
                      const Eigen::Ref<const Eigen::VectorXd>& capacity) {
  double total = 0.0;
  for (Eigen::Index j = 0; j < capacity.size(); ++j) {
    if (!solver.terms().offered(j)) continue;
    if (!solver.priced(j)) {
      total = INFINITY;
    } else if (!(capacity(j) > 0.0)) {
      throw Infeasible(fmt::format(
          "product {} is offered with capacity {}: no price rations demand to that; leave the "
          "product out of the market instead",
          j, capacity(j)));
    } else {
      total += capacity(j);
    }
  }
  if (!demand.outside_good && !(total > size)) {
    throw Infeasible(
        fmt::format("without an outside good every one of {} buyers buys, but capacities sum to {}",
                    size, total));
  }
}

/// The next guess of the binding set: without those of negative shadow price, with the overfull.
/// Once guesses repeat, only one product changes at a time, the lowest index first (Bland's rule).
Binding revise(const PriceSolver& solver, const Binding& binding, const Binding& overfull,
               bool one_at_a_time) {
  Binding next;
  bool changed = false;
  for (const Eigen::Index j : binding) {
    const double tolerance = shadow_tolerance * std::max(1.0, std::abs(solver.price(j)));
    const bool drop = solver.shadow_price(j) < -tolerance && !(one_at_a_time && changed);
    if (drop) changed = true;
    if (!drop) next.push_back(j);
  }
  for (const Eigen::Index j : overfull) {
    if (one_at_a_time && changed) break;
    if (std::find(binding.begin(), binding.end(), j) != binding.end()) continue;
    next.push_back(j);
    changed = true;
  }
  std::sort(next.begin(), next.end());
  return next;
}

}  // namespace

// An active set over price systems, each solved exactly. With substitutes a higher shadow price
// of one product only raises demand for the others, so that from the empty set products are in
// general added and not dropped again.
CapacityPrices compute_capacity_prices(const Demand& demand, const Supply& supply, double size,
                                       const Eigen::Ref<const Eigen::VectorXd>& capacity,
                                       const Eigen::Ref<const Eigen::VectorXd>& start,
                                       const PricingOptions& options) {
  PriceSolver solver(demand, supply, options);
  require_feasible(demand, solver, size, capacity);
  const Eigen::VectorXd target_share = capacity / size;

  Binding binding;
  bool valid_start = true;
  for (Eigen::Index j = 0; j < start.size(); ++j) {
    valid_start = valid_start && (!solver.priced(j) || (std::isfinite(start(j)) && start(j) > 0.0));
  }
  if (valid_start) {
    // A guess: what sells out at the starting prices sold out when they were found.
    MarkupTerms terms(demand);
    Eigen::VectorXd at = start;
    for (Eigen::Index j = 0; j < at.size(); ++j) {
      if (!std::isnan(supply.price_fixed(j))) at(j) = supply.price_fixed(j);
    }
    terms.evaluate(at);
    binding = find_full(solver, terms.share, target_share, 1.0 - 1e-6);
    double total = 0.0;
    for (const Eigen::Index j : binding)
      total += target_share(j);
    if (total >= 1.0) binding.clear();
  }

  int iterations = 0;
  std::set<Binding> seen;
  bool one_at_a_time = false;
  const auto most_guesses = static_cast<int>(20 + 10 * start.size());
  Eigen::VectorXd from = start;
  for (int guess = 0; guess < most_guesses; ++guess) {
    solver.solve(from, binding, target_share);
    iterations += solver.iterations;
    from = solver.price;
    const Binding overfull =
        find_full(solver, solver.terms().share, target_share, 1.0 + share_tolerance);
    const Binding next = revise(solver, binding, overfull, one_at_a_time);
    if (next == binding) {
      CapacityPrices result;
      result.prices.price = solver.price;
      result.prices.markup = supply.received.cwiseProduct(solver.price) - supply.marginal_cost;
      result.prices.residual = solver.residual;
      result.prices.iterations = iterations;
      result.shadow_price = solver.shadow_price.cwiseMax(0.0);
      return result;
    }
    if (!seen.insert(binding).second) one_at_a_time = true;
    binding = next;
  }
  throw NoConvergence(
      fmt::format("capacity: no set of binding products is consistent with the sellers' "
                  "conditions after {} guesses; check ownership across the constrained products",
                  most_guesses),
      solver.residual, iterations);
}

}  // namespace entente::market
