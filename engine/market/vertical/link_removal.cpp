#include "engine/market/vertical/link_removal.hpp"

#include <algorithm>
#include <cmath>
#include <limits>

#include "engine/market/elementary.hpp"

namespace entente::market {

namespace {

constexpr double infinity = std::numeric_limits<double>::infinity();
constexpr int most_corrections = 12;

// e^x − 1 without the loss of figures near 0. Kahan: the rounding of e^x cancels in the ratio.
double compute_growth(double x) {
  const double power = deterministic_exp(x);
  if (std::abs(x) > 0.5) return power - 1.0;
  const double growth = power - 1.0;
  return growth == 0.0 ? x : growth * (x / deterministic_log(power));
}

}  // namespace

void LinkRemoval::assign(const Demand& demand, const LinkValues& values) {
  values_ = &values;
  stage_.assign(demand, values);
  const Eigen::Index n = values.links();
  const LinkShares& shares = stage_.shares();
  growth_.resize(n, shares.cells());
  within_growth_.resize(n, shares.cells());
  total_growth_.resize(n);
  money_change_.resize(n);
  log_nest_growth_.resize(shares.nests());
  condition_change_.resize(n);
  step_.resize(n);
  loss_.resize(values.firms());
}

// In a nest D'/D = 1 + Σ s_{j|g} (e^{−σ dx/λ} − 1), the removed link counting −1; over nests N'/N =
// 1 + Σ s_g ((D'/D)^λ − 1). Where little is left the remainders are added up instead.
void LinkRemoval::change_cell(const LinkShares& shares, Eigen::Index removed, Eigen::Index c,
                              const Eigen::Ref<const Eigen::VectorXd>& price_change) {
  const Eigen::Index n = shares.links();
  const double sensitivity = shares.sensitivity(c);
  for (Eigen::Index g = 0; g < shares.nests(); ++g) {
    double change = 0.0;
    double rest = 0.0;
    for (Eigen::Index j = 0; j < n; ++j) {
      if (shares.nest(j) != g) continue;
      if (j == removed) {
        change -= shares.within(j, c);
        continue;
      }
      const double move = -sensitivity * price_change(j) / shares.nesting(g);
      growth_(j, c) = compute_growth(move);  // of e^{V/λ}, for now
      change += shares.within(j, c) * growth_(j, c);
      rest += shares.within(j, c) * (1.0 + growth_(j, c));
    }
    log_nest_growth_(g) = change > -0.5 ? deterministic_log1p(change)
                                        : (rest > 0.0 ? deterministic_log(rest) : -infinity);
  }
  double change = 0.0;
  double rest = shares.outside(c);
  for (Eigen::Index g = 0; g < shares.nests(); ++g) {
    if (!(shares.nest_share(g, c) > 0.0)) continue;
    const double move = shares.nesting(g) * log_nest_growth_(g);
    const double growth = move > -infinity ? compute_growth(move) : -1.0;
    change += shares.nest_share(g, c) * growth;
    rest += shares.nest_share(g, c) * (1.0 + growth);
  }
  const double log_growth = change > -0.5 ? deterministic_log1p(change) : deterministic_log(rest);
  for (Eigen::Index j = 0; j < n; ++j) {
    const int g = shares.nest(j);
    if (j == removed || log_nest_growth_(g) == -infinity) {
      growth_(j, c) = -1.0;
      within_growth_(j, c) = -1.0;
      continue;
    }
    const double nesting = shares.nesting(g);
    const double move = -sensitivity * price_change(j) / nesting;
    within_growth_(j, c) = compute_growth(move - log_nest_growth_(g));
    growth_(j, c) = compute_growth(move - (1.0 - nesting) * log_nest_growth_(g) - log_growth);
  }
}

void LinkRemoval::compute_changes(const RetailStage& market, Eigen::Index removed,
                                  const Eigen::Ref<const Eigen::VectorXd>& price_change) {
  const LinkShares& shares = market.shares();
  total_growth_.setZero();
  for (Eigen::Index c = 0; c < shares.cells(); ++c) {
    change_cell(shares, removed, c, price_change);
    total_growth_ += shares.buyers.col(c).matrix().cwiseProduct(growth_.col(c).matrix());
  }
  for (Eigen::Index j = 0; j < shares.links(); ++j) {
    money_change_(j) =
        shares.log_price ? market.price(j) * compute_growth(price_change(j)) : price_change(j);
  }
  money_change_(removed) = 0.0;
}

// RetailConditions of the market without the link less those with it, which are 0.
void LinkRemoval::compute_condition_changes(const RetailStage& market, Eigen::Index removed,
                                            const Eigen::Ref<const Eigen::VectorXd>& price_change) {
  compute_changes(market, removed, price_change);
  const LinkShares& shares = market.shares();
  const Eigen::MatrixXd& worth = market.worth();
  const Eigen::Index n = shares.links();
  condition_change_.setZero();
  for (Eigen::Index c = 0; c < shares.cells(); ++c) {
    for (Eigen::Index k = 0; k < n; ++k) {
      if (k == removed || shares.buyers(k, c) == 0.0) continue;
      const int f = values_->buyer(k);
      const double nesting = shares.nesting(shares.nest(k));
      double mean = 0.0;         // Σ_j s_j v_j
      double mean_change = 0.0;  // of it
      double nest_mean = 0.0;    // Σ_{j in nest} s_{j|g} v_j
      double nest_mean_change = 0.0;
      for (Eigen::Index j = 0; j < n; ++j) {
        const double raise = values_->margin_weight(j, f) * money_change_(j);
        const double value = worth(j, f) + raise;
        mean += shares.share(j, c) * worth(j, f);
        mean_change += shares.share(j, c) * (growth_(j, c) * value + raise);
        if (shares.nest(j) != shares.nest(k)) continue;
        nest_mean += shares.within(j, c) * worth(j, f);
        nest_mean_change += shares.within(j, c) * (within_growth_(j, c) * value + raise);
      }
      const double excess = worth(k, f) - nesting * mean - (1.0 - nesting) * nest_mean;
      const double excess_change = values_->margin_weight(k, f) * money_change_(k) -
                                   nesting * mean_change - (1.0 - nesting) * nest_mean_change;
      // The cells' parts among the buyers of k change with s_ck'/s_ck over s_k'/s_k.
      const double shift = (growth_(k, c) - total_growth_(k)) / (1.0 + total_growth_(k));
      condition_change_(k) += shares.sensitivity(c) * shares.buyers(k, c) *
                              (excess_change + shift * (excess + excess_change));
    }
  }
  if (!shares.log_price) return;
  for (Eigen::Index k = 0; k < n; ++k)
    condition_change_(k) -= k == removed ? 0.0 : shares.nesting(shares.nest(k)) * money_change_(k);
}

void LinkRemoval::compute_losses(const RetailStage& market, Eigen::Index removed) {
  const LinkShares& shares = market.shares();
  const Eigen::MatrixXd& worth = market.worth();
  const double share = shares.total(removed);
  for (Eigen::Index f = 0; f < loss_.size(); ++f) {
    double loss = worth(removed, f);
    for (Eigen::Index j = 0; j < shares.links(); ++j) {
      if (j == removed) continue;
      const double raise = values_->margin_weight(j, f) * money_change_(j);
      loss -= shares.total(j) * (total_growth_(j) * (worth(j, f) + raise) + raise) / share;
    }
    loss_(f) = loss;
  }
}

// The stage finds the equilibrium to rounding in price; corrections with its last Newton matrix
// then bring the changes to rounding in the changes.
bool LinkRemoval::solve(const RetailStage& market, const Eigen::VectorXd& upstream_margin,
                        Eigen::Index removed, double tolerance,
                        Eigen::Ref<Eigen::VectorXd> price_change) {
  const LinkShares& shares = market.shares();
  nothing_left_ = shares.links() == 1;
  price_change(removed) = 0.0;
  if (nothing_left_) {
    loss_ = market.worth().row(removed).transpose();
    return true;
  }
  for (Eigen::Index j = 0; j < shares.links(); ++j) {
    stage_.price(j) = shares.log_price ? market.price(j) * deterministic_exp(price_change(j))
                                       : market.price(j) + price_change(j);
  }
  if (!stage_.solve(upstream_margin, tolerance, removed)) return false;
  for (Eigen::Index j = 0; j < shares.links(); ++j) {
    price_change(j) = shares.log_price ? deterministic_log(stage_.price(j) / market.price(j))
                                       : stage_.price(j) - market.price(j);
  }
  for (int correction = 0; correction < most_corrections; ++correction) {
    compute_condition_changes(market, removed, price_change);
    stage_.solve_linear(condition_change_, step_);
    price_change -= step_;
    price_change(removed) = 0.0;
    const double last = step_.cwiseAbs().maxCoeff();
    if (!(last > 1e-14 * price_change.cwiseAbs().maxCoeff())) break;
  }
  if (!price_change.allFinite()) return false;
  compute_changes(market, removed, price_change);
  compute_losses(market, removed);
  return loss_.allFinite();
}

}  // namespace entente::market
