#include <Eigen/LU>
#include <algorithm>
#include <fmt/format.h>
#include <set>

#include "engine/market/binding_set.hpp"
#include "engine/market/capacity_solver.hpp"
#include "engine/market/elementary.hpp"
#include "engine/market/failure.hpp"

namespace entente::market {

namespace {

constexpr double share_tolerance = 1e-10;   // relative, of demand above capacity
constexpr double shadow_tolerance = 1e-11;  // relative to price, of a negative shadow price
constexpr int most_price_steps = 400;
constexpr double price_step_part = 0.2;  // of a price, for a log point of excess demand

}  // namespace

/// Where resources cannot all be full at once, because one that several products share would leave
/// a small one more than it can sell, one is taken to be slack: the one that most products use
/// first. Returns the set that was cleared.
CapacitySolver::Binding CapacitySolver::clear_or_relax(const Binding& binding) {
  const Eigen::VectorXd from = from_;
  const Eigen::VectorXd shadow_price = shadow_price_;
  Binding order = binding;
  const auto users = [&](Eigen::Index k) { return (resources_.use.row(k).array() > 0.0).count(); };
  std::stable_sort(order.begin(), order.end(),
                   [&](Eigen::Index a, Eigen::Index b) { return users(a) > users(b); });
  try {
    clear(binding);
    return binding;
  } catch (const MarketFailure&) {
    if (binding.size() < 2 || users(order.front()) < 2) throw;
  }
  for (std::size_t left_out = 0;; ++left_out) {
    Binding fewer = binding;
    std::erase(fewer, order[left_out]);
    from_ = from;
    shadow_price_ = shadow_price;
    try {
      clear(fewer);
      return fewer;
    } catch (const MarketFailure&) {
      if (left_out + 1 == order.size()) throw;
    }
  }
}

CapacitySolver::Binding CapacitySolver::find_overfull(bool by_index) const {
  Binding overfull;
  const Eigen::VectorXd& share = solver_.terms().share;
  for (Eigen::Index k = 0; k < resources_.capacity.size(); ++k) {
    if (limited(k) && measure_use(k, share) > (1.0 + share_tolerance) * resources_.capacity(k))
      overfull.push_back(k);
  }
  if (by_index) return overfull;
  std::stable_sort(overfull.begin(), overfull.end(), [&](Eigen::Index a, Eigen::Index b) {
    return measure_use(a, share) * resources_.capacity(b) >
           measure_use(b, share) * resources_.capacity(a);
  });
  return overfull;
}

/// Whether the resource limits something that the set does not limit already: full resources whose
/// uses depend on each other have no shadow prices of their own.
bool CapacitySolver::adds_limit(const Binding& binding, Eigen::Index resource) const {
  Eigen::MatrixXd uses(static_cast<Eigen::Index>(binding.size()) + 1, demand_.products());
  for (std::size_t b = 0; b < binding.size(); ++b)
    uses.row(static_cast<Eigen::Index>(b)) = resources_.use.row(binding[b]);
  uses.bottomRows(1) = resources_.use.row(resource);
  for (Eigen::Index j = 0; j < demand_.products(); ++j) {
    if (!solver_.priced(j)) uses.col(j).setZero();
  }
  return uses.fullPivLu().rank() == uses.rows();
}

/// The size of a price of what a unit of the resource makes.
double CapacitySolver::price_scale(Eigen::Index resource) const {
  double scale = 1.0;
  for (Eigen::Index j = 0; j < demand_.products(); ++j) {
    const double use = resources_.use(resource, j);
    if (use > 0.0 && solver_.priced(j)) scale = std::max(scale, std::abs(solver_.price(j)) / use);
  }
  return scale;
}

/// The next guess of the binding set: without those of negative shadow price, with the overfull.
/// The most overfull come first. Once guesses repeat, only one resource changes at a time, the
/// lowest index first (Bland's rule).
CapacitySolver::Binding CapacitySolver::revise(const Binding& binding, bool one_at_a_time) const {
  Binding next;
  bool changed = false;
  for (const Eigen::Index k : binding) {
    const bool drop =
        shadow_price_(k) < -shadow_tolerance * price_scale(k) && !(one_at_a_time && changed);
    if (drop) changed = true;
    if (!drop) next.push_back(k);
  }
  for (const Eigen::Index k : find_overfull(one_at_a_time)) {
    if (one_at_a_time && changed) break;
    if (std::find(binding.begin(), binding.end(), k) != binding.end()) continue;
    if (!adds_limit(next, k)) make_room(resources_.use, shadow_price_, k, one_at_a_time, next);
    next.push_back(k);
    changed = true;
  }
  std::sort(next.begin(), next.end());
  return next;
}

/// The set that a process of raising and lowering shadow prices with excess demand ends at: slow,
/// for where guesses of sets go round.
CapacitySolver::Binding CapacitySolver::approach_set() {
  shadow_price_.setZero();
  Eigen::VectorXd mean = shadow_price_;
  solve_prices(from_);
  for (int step = 0; step < most_price_steps; ++step) {
    for (Eigen::Index k = 0; k < shadow_price_.size(); ++k) {
      if (!limited(k)) continue;
      const double used = measure_use(k, solver_.terms().share);
      const double excess = deterministic_log(std::max(used, 1e-12 * resources_.capacity(k)) /
                                              resources_.capacity(k));
      shadow_price_(k) = std::max(
          0.0, shadow_price_(k) + price_step_part * price_scale(k) * std::clamp(excess, -1.0, 1.0));
    }
    solve_prices(solver_.price);
    if (2 * step >= most_price_steps) mean += shadow_price_;
  }
  std::vector<Eigen::Index> order;
  for (Eigen::Index k = 0; k < mean.size(); ++k) {
    if (mean(k) / (0.5 * most_price_steps) > 1e-4 * price_scale(k)) order.push_back(k);
  }
  std::stable_sort(order.begin(), order.end(), [&](Eigen::Index a, Eigen::Index b) {
    return mean(a) * price_scale(b) > mean(b) * price_scale(a);
  });
  Binding binding;
  for (const Eigen::Index k : order) {
    if (adds_limit(binding, k)) binding.push_back(k);
  }
  std::sort(binding.begin(), binding.end());
  from_ = solver_.price;
  shadow_price_.setZero();
  return binding;
}

// With substitutes a higher shadow price of one resource only raises demand for the others, so that
// from the empty set resources are in general added and not dropped again.
CapacityPrices CapacitySolver::run(const Eigen::Ref<const Eigen::VectorXd>& start) {
  from_ = start;
  Binding binding;
  std::set<Binding> seen;
  bool one_at_a_time = false;
  const auto most_guesses = static_cast<int>(20 + 10 * shadow_price_.size());
  for (int guess = 0; guess < most_guesses; ++guess) {
    binding = clear_or_relax(binding);
    const Binding next = revise(binding, one_at_a_time);
    if (next == binding) return collect(binding);
    if (!seen.insert(binding).second) one_at_a_time = true;
    binding = next;
  }
  from_ = start;
  binding = approach_set();
  for (int guess = 0; guess < most_guesses; ++guess) {
    binding = clear_or_relax(binding);
    const Binding next = revise(binding, true);
    if (next == binding) return collect(binding);
    binding = next;
  }
  throw NoConvergence(
      fmt::format("capacity: no set of full resources is consistent with the sellers' conditions "
                  "after {} guesses; check ownership across the constrained products",
                  most_guesses),
      solver_.residual, iterations_);
}

}  // namespace entente::market
