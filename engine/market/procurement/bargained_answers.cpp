#include <algorithm>
#include <cmath>

#include "engine/market/elementary.hpp"
#include "engine/market/procurement/bargained_markup.hpp"
#include "engine/market/procurement/bargained_price_solver.hpp"

namespace entente::market {

namespace {

constexpr double infinity = std::numeric_limits<double>::infinity();

}  // namespace

/// Sets i's price to its best answer to the others'.
void BargainedPriceSolver::answer(Eigen::Index i) {
  weigh_rivals(i);
  const double floor = (supply_.marginal_cost(i) + regained_(i)) / received(i);
  const double weight = buyer_weight_(i);
  const double fringe = supply_.fringe(i);
  const double rest = log_rest_(i);
  const double others_in_fringe = 1.0 - 1.0 / fringe;
  if (rest == -infinity) {
    // A fringe alone: its odds do not depend on its price.
    price(i) = floor + compute_bargained_markup(log_odds_(i), weight).value / alpha_;
    return;
  }
  double below = floor;
  // Where the odds are at most even K is at most 2.
  const double even = (demand_.utility(i, 0) - rest) / alpha_;
  double above = std::max(floor, even) + 2.0 / alpha_;
  double current = std::clamp(price(i), below, above);
  constexpr int most = 200;
  for (int k = 0; k < most; ++k) {
    const double v = demand_.utility(i, 0) - alpha_ * current;
    double log_total = rest;
    double own_part = 0.0;
    if (others_in_fringe > 0.0) {
      const double own = v + deterministic_log(others_in_fringe);
      const double top = std::max(own, rest);
      log_total =
          top + deterministic_log(deterministic_exp(own - top) + deterministic_exp(rest - top));
      own_part = deterministic_exp(own - log_total);
    }
    const BargainedMarkup gain =
        compute_bargained_markup(v - deterministic_log(fringe) - log_total, weight);
    const double miss = floor + gain.value / alpha_ - current;
    (miss > 0.0 ? below : above) = current;
    double next = current + miss / (1.0 + gain.slope * (1.0 - own_part));
    const bool inside = next > below && next < above;
    if (!inside) next = 0.5 * (below + above);
    const double change = std::abs(next - current);
    current = next;
    if (change <= 1e-15 * std::max(1.0 / alpha_, std::abs(current))) break;
  }
  price(i) = current;
}

void BargainedPriceSolver::find_groups() {
  const auto joined = [&](Eigen::Index i, Eigen::Index j) {
    return relative_(i, j) == 1.0 && relative_(j, i) == 1.0 && supply_.fringe(j) == 1.0;
  };
  std::vector<std::vector<Eigen::Index>> owners;
  for (Eigen::Index i = 0; i < products_; ++i) {
    if (priced_(i) == 0) continue;
    auto owner = owners.begin();
    while (owner != owners.end() && !joined(owner->front(), i))
      ++owner;
    if (owner == owners.end()) owner = owners.insert(owner, std::vector<Eigen::Index>());
    owner->push_back(i);
  }
  for (const std::vector<Eigen::Index>& owner : owners) {
    if (owner.size() > 1 && supply_.fringe(owner.front()) == 1.0) groups_.push_back(owner);
  }
}

/// Σ q_i r_i κ_i/(α (1 − s_G)) at the log odds of the owner's share s_G.
double BargainedPriceSolver::pool_gain(const std::vector<Eigen::Index>& group, double log_sales,
                                       double log_odds) const {
  const double odds = deterministic_exp(log_odds);
  double sum = 0.0;
  for (const Eigen::Index i : group) {
    double others = 0.0;  // 1 − q_i
    for (const Eigen::Index j : group) {
      if (j != i) others += deterministic_exp(utility(j) - log_sales);
    }
    const double log_part = utility(i) - log_sales;
    const double ratio = 1.0 + others * odds;  // (1 − s_i)/(1 − s_G)
    const double x = log_part + log_odds - deterministic_log(ratio);
    sum += deterministic_exp(log_part) * received(i) * ratio *
           compute_bargained_markup(x, buyer_weight_(i)).value;
  }
  return sum / alpha_;
}

// Answers one at a time creep where an owner of several products has nearly all buyers. So all its
// prices are moved by one amount, which leaves its products' parts q_i of its sales alone, to where
// the sum of its conditions weighted by sales holds, over 1 − s_G, its share:
//   Σ q_i m_i = Σ_i q_i Σ_j∉G Ω'_ij (e^V_j/C) m_j + Σ q_i r_i κ_i/(α (1 − s_G)),
// whose right-hand side falls in the amount.
void BargainedPriceSolver::shift(const std::vector<Eigen::Index>& group) {
  const auto in_group = [&](Eigen::Index j) {
    return std::find(group.begin(), group.end(), j) != group.end();
  };
  double top = -infinity;
  double top_rest = demand_.outside_good ? 0.0 : -infinity;
  for (Eigen::Index j = 0; j < products_; ++j) {
    if (offered_(j) == 0) continue;
    double& largest = in_group(j) ? top : top_rest;
    largest = std::max(largest, utility(j));
  }
  if (top_rest == -infinity) return;
  double sales = 0.0;
  double rest = demand_.outside_good ? deterministic_exp(-top_rest) : 0.0;
  for (Eigen::Index j = 0; j < products_; ++j) {
    if (offered_(j) == 0) continue;
    const bool own = in_group(j);
    (own ? sales : rest) += deterministic_exp(utility(j) - (own ? top : top_rest));
  }
  const double log_sales = top + deterministic_log(sales);
  const double log_rest = top_rest + deterministic_log(rest);
  double markup_now = 0.0;
  double regained = 0.0;
  double received_mean = 0.0;
  for (const Eigen::Index i : group) {
    const double part = deterministic_exp(utility(i) - log_sales);
    markup_now += part * markup(i);
    received_mean += part * received(i);
    for (Eigen::Index j = 0; j < products_; ++j) {
      if (offered_(j) == 0 || in_group(j) || relative_(i, j) == 0.0) continue;
      regained += part * relative_(i, j) * deterministic_exp(utility(j) - log_rest) * markup(j);
    }
  }
  double below = (regained - markup_now) / received_mean;
  // At even odds of the owner the last term is at most 2 r/α.
  double above = std::max(below, (log_sales - log_rest) / alpha_) + 2.0 / alpha_;
  constexpr int most = 200;
  for (int k = 0; k < most && above - below > 1e-14 * std::abs(above); ++k) {
    const double middle = 0.5 * (below + above);
    const double miss = regained +
                        pool_gain(group, log_sales, log_sales - log_rest - alpha_ * middle) -
                        markup_now - received_mean * middle;
    (miss > 0.0 ? below : above) = middle;
  }
  for (const Eigen::Index i : group)
    price(i) += 0.5 * (below + above);
}

}  // namespace entente::market
