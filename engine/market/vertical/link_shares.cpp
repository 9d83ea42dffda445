#include "engine/market/vertical/link_shares.hpp"

#include <algorithm>
#include <cmath>
#include <fmt/format.h>
#include <limits>
#include <string>

#include "engine/market/elementary.hpp"
#include "engine/market/failure.hpp"

namespace entente::market {

namespace {

constexpr double infinity = std::numeric_limits<double>::infinity();
// Below it a share has lost figures, and ratios of shares are taken in logarithms.
constexpr double smallest_safe_share = 1e-280;

}  // namespace

void LinkShares::assign(const Demand& demand, const std::vector<Eigen::Index>& links) {
  const auto n = static_cast<Eigen::Index>(links.size());
  const Eigen::Index cell_count = (demand.weight.array() > 0.0).count();
  link_ = links;
  log_price = demand.price_term == PriceTerm::log;
  outside_good_ = demand.outside_good;
  nest.resize(n);
  nested = false;
  for (Eigen::Index i = 0; i < n; ++i) {
    const Eigen::Index g = demand.nest_of(links[static_cast<std::size_t>(i)]);
    nest(i) = static_cast<int>(g);
    nested = nested || demand.nesting(g) < 1.0;
  }
  // Where every λ is 1 nests do not matter, and one is less work.
  if (nested) {
    nesting = demand.nesting;
  } else {
    nest.setZero();
    nesting.setOnes(1);
  }
  inverse_nesting_.resize(n);
  for (Eigen::Index i = 0; i < n; ++i)
    inverse_nesting_(i) = 1.0 / nesting(nest(i));
  weight.resize(cell_count);
  sensitivity.resize(cell_count);
  base_.resize(n, cell_count);
  Eigen::Index c = 0;
  const double total_weight = demand.weight.sum();
  for (Eigen::Index from = 0; from < demand.cells(); ++from) {
    if (!(demand.weight(from) > 0.0)) continue;
    weight(c) = demand.weight(from) / total_weight;
    sensitivity(c) = demand.price_sensitivity(from);
    for (Eigen::Index i = 0; i < n; ++i)
      base_(i, c) = demand.utility(links[static_cast<std::size_t>(i)], from) * inverse_nesting_(i);
    ++c;
  }
  const Eigen::Index nest_count = nesting.size();
  share.resize(n, cell_count);
  within.resize(n, cell_count);
  buyers.resize(n, cell_count);
  scaled_.resize(n, cell_count);
  nest_share.resize(nest_count, cell_count);
  nest_rest.resize(nest_count, cell_count);
  log_nest_sum_.resize(nest_count, cell_count);
  outside.resize(cell_count);
  top_.resize(cell_count);
  denominator_.resize(cell_count);
  total.resize(n);
  mean_sensitivity.resize(n);
  price_slope.resize(n);
  price_.resize(n);
  largest_.resize(nest_count);
  sum_.resize(nest_count);
}

bool LinkShares::evaluate(const Eigen::VectorXd& prices, Eigen::Index removed) {
  for (Eigen::Index i = 0; i < links(); ++i) {
    if (!std::isfinite(prices(i)) || (log_price && !(prices(i) > 0.0))) return false;
    price_(i) = log_price ? deterministic_log(prices(i)) : prices(i);
    price_slope(i) = log_price ? prices(i) : 1.0;
  }
  for (Eigen::Index c = 0; c < cells(); ++c) {
    if (!evaluate_cell(c, removed)) return false;
  }
  weigh_buyers(removed);
  return true;
}

bool LinkShares::evaluate_cell(Eigen::Index c, Eigen::Index removed) {
  const Eigen::Index n = links();
  const double slope = sensitivity(c);
  largest_.setConstant(-infinity);
  for (Eigen::Index i = 0; i < n; ++i) {
    double value = base_(i, c) - slope * inverse_nesting_(i) * price_(i);
    if (i == removed) value = -infinity;
    scaled_(i, c) = value;
    largest_(nest(i)) = std::max(largest_(nest(i)), value);
  }
  sum_.setZero();
  for (Eigen::Index i = 0; i < n; ++i) {
    const double best = largest_(nest(i));
    const double value = best > -infinity ? deterministic_exp(scaled_(i, c) - best) : 0.0;
    within(i, c) = value;
    sum_(nest(i)) += value;
  }
  double top = outside_good_ ? 0.0 : -infinity;
  for (Eigen::Index g = 0; g < nests(); ++g) {
    if (largest_(g) == infinity) return false;
    log_nest_sum_(g, c) =
        largest_(g) > -infinity ? largest_(g) + deterministic_log(sum_(g)) : -infinity;
    top = std::max(top, nesting(g) * log_nest_sum_(g, c));
  }
  if (top == -infinity) {
    throw Infeasible(
        fmt::format("buyers must buy, and {}; let them buy outside, or offer another link",
                    removed < 0 ? std::string("their utility of every link is −∞")
                                : fmt::format("without link {} there is nothing for them",
                                              link_[static_cast<std::size_t>(removed)])));
  }
  const double none = outside_good_ ? deterministic_exp(-top) : 0.0;
  double denominator = none;
  for (Eigen::Index g = 0; g < nests(); ++g) {
    nest_share(g, c) = deterministic_exp(nesting(g) * log_nest_sum_(g, c) - top);
    denominator += nest_share(g, c);
  }
  for (Eigen::Index g = 0; g < nests(); ++g) {
    double rest = none;
    for (Eigen::Index h = 0; h < nests(); ++h)
      rest += h == g ? 0.0 : nest_share(h, c);
    nest_rest(g, c) = rest / denominator;
  }
  for (Eigen::Index g = 0; g < nests(); ++g)
    nest_share(g, c) /= denominator;
  for (Eigen::Index i = 0; i < n; ++i) {
    const double sum = sum_(nest(i));
    within(i, c) = sum > 0.0 ? within(i, c) / sum : 0.0;
    share(i, c) = within(i, c) * nest_share(nest(i), c);
  }
  outside(c) = none / denominator;
  top_(c) = top;
  denominator_(c) = denominator;
  return true;
}

double LinkShares::log_within(Eigen::Index k, Eigen::Index c) const {
  return scaled_(k, c) - log_nest_sum_(nest(k), c);
}

double LinkShares::log_share(Eigen::Index j, Eigen::Index c) const {
  if (scaled_(j, c) == -infinity) return -infinity;
  return log_within(j, c) + nesting(nest(j)) * log_nest_sum_(nest(j), c) - top_(c) -
         deterministic_log(denominator_(c));
}

double LinkShares::log_remaining(Eigen::Index i, Eigen::Index c) const {
  double largest = -infinity;
  for (Eigen::Index k = 0; k < links(); ++k) {
    if (k != i && nest(k) == nest(i)) largest = std::max(largest, log_within(k, c));
  }
  if (largest == -infinity) return -infinity;
  double sum = 0.0;
  for (Eigen::Index k = 0; k < links(); ++k) {
    if (k != i && nest(k) == nest(i)) sum += deterministic_exp(log_within(k, c) - largest);
  }
  return largest + deterministic_log(sum);
}

void LinkShares::weigh_buyers(Eigen::Index removed) {
  for (Eigen::Index i = 0; i < links(); ++i) {
    auto row = buyers.row(i);
    if (i == removed) {
      row.setZero();
      total(i) = 0.0;
      mean_sensitivity(i) = 0.0;
      continue;
    }
    if (cells() == 1) {
      total(i) = share(i, 0);
      row.setOnes();
      mean_sensitivity(i) = sensitivity(0);
      continue;
    }
    double sum = 0.0;
    for (Eigen::Index c = 0; c < cells(); ++c) {
      buyers(i, c) = weight(c) * share(i, c);
      sum += buyers(i, c);
    }
    total(i) = sum;
    if (!(sum > smallest_safe_share)) {
      // Only ratios between cells matter, so they are taken relative to the largest.
      double largest = -infinity;
      for (Eigen::Index c = 0; c < cells(); ++c)
        largest = std::max(largest, log_share(i, c));
      sum = 0.0;
      for (Eigen::Index c = 0; c < cells(); ++c) {
        buyers(i, c) = weight(c) * deterministic_exp(log_share(i, c) - largest);
        sum += buyers(i, c);
      }
    }
    double mean = 0.0;
    for (Eigen::Index c = 0; c < cells(); ++c) {
      buyers(i, c) /= sum;
      mean += buyers(i, c) * sensitivity(c);
    }
    mean_sensitivity(i) = mean;
  }
}

}  // namespace entente::market
