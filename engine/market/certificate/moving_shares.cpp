#include "engine/market/certificate/moving_shares.hpp"

#include <algorithm>
#include <cmath>
#include <fmt/format.h>
#include <limits>

#include "engine/market/certificate/decision_maker.hpp"
#include "engine/market/elementary.hpp"
#include "engine/market/failure.hpp"

namespace entente::market {

namespace {

constexpr double infinity = std::numeric_limits<double>::infinity();
constexpr double largest_exponent = 650.0;  // above it sums of odds could overflow

// ln(e^a + e^b), with −∞ for nothing.
double add_logs(double a, double b) {
  const double high = std::max(a, b);
  const double low = std::min(a, b);
  if (low == -infinity) return high;
  return high + deterministic_log1p(deterministic_exp(low - high));
}

}  // namespace

double compute_price_position(const Demand& demand, Eigen::Index product, double price) {
  const bool log_price = demand.price_term == PriceTerm::log;
  if (!std::isfinite(price) || (log_price && price <= 0.0)) {
    throw InvalidInput(fmt::format(
        "price of product {} is {}; prices must be finite, and above 0 with a log price "
        "term",
        product, price));
  }
  return log_price ? deterministic_log(price) : price;
}

MovingShares::MovingShares(const Demand& demand, const std::vector<Eigen::Index>& moving,
                           const Eigen::Ref<const Eigen::VectorXd>& prices) {
  gather_cells(demand, moving);
  gather_held(demand, prices);
  check_choice_sets();
}

void MovingShares::gather_cells(const Demand& demand, const std::vector<Eigen::Index>& moving) {
  for (Eigen::Index c = 0; c < demand.cells(); ++c) {
    if (demand.weight(c) > 0.0) cell_.push_back(c);
  }
  const auto cells = static_cast<Eigen::Index>(cell_.size());
  const auto count = static_cast<Eigen::Index>(moving.size());
  weight.resize(cells);
  sensitivity.resize(cells);
  nesting.resize(count);
  std::vector<Eigen::Index> followed;
  for (Eigen::Index j = 0; j < count; ++j) {
    const Eigen::Index g = demand.nest_of(moving[static_cast<std::size_t>(j)]);
    nesting(j) = demand.nesting(g);
    if (nesting(j) == 1.0) {
      nest.push_back(-1);
      continue;
    }
    const auto found = std::find(followed.begin(), followed.end(), g);
    nest.push_back(found - followed.begin());
    if (found == followed.end()) followed.push_back(g);
  }
  const auto nests = static_cast<Eigen::Index>(followed.size());
  nest_lambda_.resize(nests);
  for (Eigen::Index h = 0; h < nests; ++h) {
    nest_lambda_(h) = demand.nesting(followed[static_cast<std::size_t>(h)]);
  }
  for (Eigen::Index k = 0; k < demand.products(); ++k) {
    if (!is_offered(demand, k) || std::find(moving.begin(), moving.end(), k) != moving.end()) {
      continue;
    }
    held_.push_back(k);
    const auto found = std::find(followed.begin(), followed.end(), demand.nest_of(k));
    held_nest_.push_back(found - followed.begin());
  }
  base_.resize(cells, count);
  slope_.resize(cells, count);
  for (Eigen::Index c = 0; c < cells; ++c) {
    const Eigen::Index from = cell_[static_cast<std::size_t>(c)];
    weight(c) = demand.weight(from);
    sensitivity(c) = demand.price_sensitivity(from);
    for (Eigen::Index j = 0; j < count; ++j) {
      base_(c, j) = demand.utility(moving[static_cast<std::size_t>(j)], from) / nesting(j);
    }
  }
  weight /= weight.sum();
  for (Eigen::Index j = 0; j < count; ++j)
    slope_.col(j) = sensitivity / nesting(j);
  utility_.resize(cells, count);
  share.resize(cells, count);
  within.setOnes(cells, count);
  nest_share.setZero(cells, nests);
  rest_share.resize(cells);
  log_sum_.setZero(cells, nests);
}

// Held products of a nest that is followed meet its moving ones inside it; those of other nests are
// in the rest, nest by nest, where the order in the nest no longer matters.
void MovingShares::gather_held(const Demand& demand,
                               const Eigen::Ref<const Eigen::VectorXd>& prices) {
  const auto cells = static_cast<Eigen::Index>(cell_.size());
  const auto held = static_cast<Eigen::Index>(held_.size());
  const Eigen::Index nests = nest_lambda_.size();
  held_utility_.resize(cells, held);
  for (Eigen::Index k = 0; k < held; ++k) {
    const Eigen::Index product = held_[static_cast<std::size_t>(k)];
    const double x = compute_price_position(demand, product, prices(product));
    const double lambda = demand.nesting(demand.nest_of(product));
    for (Eigen::Index c = 0; c < cells; ++c) {
      const double u = demand.utility(product, cell_[static_cast<std::size_t>(c)]);
      held_utility_(c, k) = (u - sensitivity(c) * x) / lambda;
    }
  }
  held_sum_.setConstant(cells, nests + 1, -infinity);
  held_sum_.col(nests).setConstant(demand.outside_good ? 0.0 : -infinity);
  Eigen::ArrayXd sum(demand.nesting.size());
  Eigen::ArrayXd largest(demand.nesting.size());
  Eigen::ArrayXi seen(demand.nesting.size());  // 1 + column of held_sum_
  for (Eigen::Index c = 0; c < cells; ++c) {
    largest.setConstant(-infinity);
    sum.setZero();
    seen.setZero();
    for (Eigen::Index k = 0; k < held; ++k) {
      const Eigen::Index g = demand.nest_of(held_[static_cast<std::size_t>(k)]);
      largest(g) = std::max(largest(g), held_utility_(c, k));
      seen(g) = static_cast<int>(held_nest_[static_cast<std::size_t>(k)]) + 1;
    }
    for (Eigen::Index k = 0; k < held; ++k) {
      const Eigen::Index g = demand.nest_of(held_[static_cast<std::size_t>(k)]);
      if (largest(g) > -infinity) sum(g) += deterministic_exp(held_utility_(c, k) - largest(g));
    }
    for (Eigen::Index g = 0; g < sum.size(); ++g) {
      if (seen(g) == 0 || largest(g) == -infinity) continue;
      const double log_sum = largest(g) + deterministic_log(sum(g));
      const Eigen::Index column = seen(g) - 1;
      if (column < nests) {
        held_sum_(c, column) = log_sum;
        continue;
      }
      const double inclusive = demand.nesting(g) * log_sum;
      held_sum_(c, nests) = add_logs(held_sum_(c, nests), inclusive);
      // From here on the utility of the nest's products is ln of their odds in the rest.
      for (Eigen::Index k = 0; k < held; ++k) {
        if (demand.nest_of(held_[static_cast<std::size_t>(k)]) == g) {
          held_utility_(c, k) += inclusive - log_sum;
        }
      }
    }
  }
}

void MovingShares::check_choice_sets() const {
  for (Eigen::Index c = 0; c < held_sum_.rows(); ++c) {
    if (std::max(held_sum_.row(c).maxCoeff(), base_.row(c).maxCoeff()) > -infinity) continue;
    throw InvalidInput(
        fmt::format("no product is offered to the buyers of cell {}, and without an outside good "
                    "they must buy one",
                    cell_[static_cast<std::size_t>(c)]));
  }
}

Eigen::Index MovingShares::captive_cell() const {
  for (Eigen::Index c = 0; c < held_sum_.rows(); ++c) {
    if (held_sum_.row(c).maxCoeff() == -infinity && base_.row(c).maxCoeff() > -infinity) {
      return cell_[static_cast<std::size_t>(c)];
    }
  }
  return -1;
}

void MovingShares::set_log_unit(double log_unit) {
  log_unit_ = log_unit;
  unit = deterministic_exp(-log_unit);
}

void MovingShares::evaluate(const Eigen::Ref<const Eigen::VectorXd>& x) {
  for (Eigen::Index j = 0; j < x.size(); ++j)
    utility_.col(j) = base_.col(j) - slope_.col(j) * x(j);
  if (nest_lambda_.size() == 0) {
    evaluate_plain();
    return;
  }
  for (Eigen::Index c = 0; c < utility_.rows(); ++c)
    evaluate_cell(c);
}

// Odds relative to the rest need no maximum, unless they would overflow.
void MovingShares::evaluate_plain() {
  const Eigen::Index cells = utility_.rows();
  const Eigen::Index count = utility_.cols();
  Eigen::ArrayXd& total = rest_share;
  total.setOnes();
  for (Eigen::Index j = 0; j < count; ++j) {
    for (Eigen::Index c = 0; c < cells; ++c) {
      const double exponent = utility_(c, j) - held_sum_(c, 0) + log_unit_;
      const double odds = exponent < largest_exponent ? deterministic_exp(exponent) : infinity;
      share(c, j) = odds;
      total(c) += unit * odds;
    }
  }
  const bool safe = total.maxCoeff() < infinity;
  if (!safe) unsafe_ = !(total < infinity);
  total = total.inverse();
  for (Eigen::Index j = 0; j < count; ++j)
    share.col(j) *= rest_share;
  if (safe) return;
  for (Eigen::Index c = 0; c < cells; ++c) {
    if (unsafe_(c)) evaluate_cell(c);
  }
}

// Fills log_sum_ and within of the nests followed; returns ln of the denominator of all.
double MovingShares::sum_cell(Eigen::Index c) {
  const Eigen::Index count = utility_.cols();
  const Eigen::Index nests = nest_lambda_.size();
  double top = held_sum_(c, nests);
  for (Eigen::Index h = 0; h < nests; ++h) {
    double largest = held_sum_(c, h);
    for (Eigen::Index j = 0; j < count; ++j) {
      if (nest[static_cast<std::size_t>(j)] == h) largest = std::max(largest, utility_(c, j));
    }
    log_sum_(c, h) = -infinity;
    if (largest == -infinity) continue;
    double sum = held_sum_(c, h) > -infinity ? deterministic_exp(held_sum_(c, h) - largest) : 0.0;
    for (Eigen::Index j = 0; j < count; ++j) {
      if (nest[static_cast<std::size_t>(j)] != h) continue;
      within(c, j) = deterministic_exp(utility_(c, j) - largest);
      sum += within(c, j);
    }
    for (Eigen::Index j = 0; j < count; ++j) {
      if (nest[static_cast<std::size_t>(j)] == h) within(c, j) /= sum;
    }
    log_sum_(c, h) = largest + deterministic_log(sum);
    top = std::max(top, nest_lambda_(h) * log_sum_(c, h));
  }
  for (Eigen::Index j = 0; j < count; ++j) {
    if (nest[static_cast<std::size_t>(j)] < 0) top = std::max(top, utility_(c, j));
  }
  double total = deterministic_exp(held_sum_(c, nests) - top);
  for (Eigen::Index h = 0; h < nests; ++h)
    total += deterministic_exp(nest_lambda_(h) * log_sum_(c, h) - top);
  for (Eigen::Index j = 0; j < count; ++j) {
    if (nest[static_cast<std::size_t>(j)] < 0) total += deterministic_exp(utility_(c, j) - top);
  }
  return top + deterministic_log(total);
}

double MovingShares::log_share_of(Eigen::Index c, Eigen::Index j, double log_total) const {
  const Eigen::Index h = nest[static_cast<std::size_t>(j)];
  if (utility_(c, j) == -infinity) return -infinity;
  if (h < 0) return utility_(c, j) - log_total;
  return (utility_(c, j) - log_sum_(c, h)) + (nest_lambda_(h) * log_sum_(c, h) - log_total);
}

void MovingShares::evaluate_cell(Eigen::Index c) {
  const Eigen::Index nests = nest_lambda_.size();
  const double log_total = sum_cell(c);
  rest_share(c) = deterministic_exp(held_sum_(c, nests) - log_total);
  for (Eigen::Index h = 0; h < nests; ++h)
    nest_share(c, h) = deterministic_exp(nest_lambda_(h) * log_sum_(c, h) - log_total);
  for (Eigen::Index j = 0; j < utility_.cols(); ++j) {
    const Eigen::Index h = nest[static_cast<std::size_t>(j)];
    if (h >= 0 && log_unit_ == 0.0) {
      share(c, j) = utility_(c, j) > -infinity ? within(c, j) * nest_share(c, h) : 0.0;
    } else {
      share(c, j) = deterministic_exp(log_share_of(c, j, log_total) + log_unit_);
    }
  }
}

Eigen::ArrayXd MovingShares::compute_log_share(Eigen::Index j) {
  Eigen::ArrayXd log_share(utility_.rows());
  for (Eigen::Index c = 0; c < utility_.rows(); ++c)
    log_share(c) = log_share_of(c, j, sum_cell(c));
  return log_share;
}

Eigen::ArrayXXd MovingShares::compute_held_mean(
    const Eigen::Ref<const Eigen::VectorXd>& value) const {
  Eigen::ArrayXXd mean = Eigen::ArrayXXd::Zero(held_sum_.rows(), held_sum_.cols());
  for (std::size_t k = 0; k < held_.size(); ++k) {
    const double worth = value(held_[k]);
    if (worth == 0.0) continue;
    const Eigen::Index column = held_nest_[k];
    for (Eigen::Index c = 0; c < mean.rows(); ++c) {
      const double utility = held_utility_(c, static_cast<Eigen::Index>(k));
      if (utility == -infinity) continue;
      mean(c, column) += worth * deterministic_exp(utility - held_sum_(c, column));
    }
  }
  return mean;
}

}  // namespace entente::market
