#include "engine/market/outcome/logsum_change.hpp"

#include <algorithm>
#include <cmath>
#include <fmt/format.h>
#include <limits>
#include <vector>

#include "engine/market/elementary.hpp"
#include "engine/market/failure.hpp"

namespace entente::market {

namespace {

constexpr double infinity = std::numeric_limits<double>::infinity();

/// One term of a sum of exponentials: its exponents, and their difference to full precision.
struct Term {
  double before;
  double after;
  double change;
};

double log_sum(const std::vector<Term>& terms, double Term::*exponent) {
  double largest = -infinity;
  for (const Term& term : terms)
    largest = std::max(largest, term.*exponent);
  if (largest == -infinity) return -infinity;
  double sum = 0.0;
  for (const Term& term : terms)
    sum += deterministic_exp(term.*exponent - largest);
  return largest + deterministic_log(sum);
}

// ln(Σ e^after/Σ e^before) = ln(1 + Σ share (e^change − 1)), which is exact where changes or the
// shares of what changes are small; the plain difference is where the sum is not.
Term combine(const std::vector<Term>& terms) {
  Term total{log_sum(terms, &Term::before), log_sum(terms, &Term::after), 0.0};
  total.change = total.before == total.after ? 0.0 : total.after - total.before;
  if (total.before == -infinity || total.after == -infinity) return total;
  double excess = 0.0;
  for (const Term& term : terms) {
    if (term.before == -infinity) {
      if (term.after > -infinity) excess += deterministic_exp(term.after - total.before);
      continue;
    }
    const double share = deterministic_exp(term.before - total.before);
    excess += term.after == -infinity ? -share : share * deterministic_expm1(term.change);
  }
  if (excess > -0.5 && excess < 1.0) total.change = deterministic_log1p(excess);
  return total;
}

void check_prices(const Demand& demand, const Eigen::Ref<const Eigen::VectorXd>& prices) {
  validate_demand(demand);
  if (prices.size() != demand.products()) {
    throw InvalidInput(
        fmt::format("surplus: {} prices for {} products", prices.size(), demand.products()));
  }
  for (Eigen::Index j = 0; j < prices.size(); ++j) {
    const bool valid =
        std::isfinite(prices(j)) && (demand.price_term == PriceTerm::linear || prices(j) > 0.0);
    if (valid || !(demand.utility.row(j) > -infinity).any()) continue;
    throw InvalidInput(
        fmt::format("surplus: the price of product {} is {}; it must be finite, and above 0 with a "
                    "log price term",
                    j, prices(j)));
  }
}

double price_term(const Demand& demand, double price) {
  return demand.price_term == PriceTerm::log ? deterministic_log(price) : price;
}

/// Change of the price term, not lost in the size of the prices.
double price_term_change(const Demand& demand, double before, double after) {
  if (demand.price_term == PriceTerm::linear) return after - before;
  const double relative = (after - before) / before;
  if (std::abs(relative) < 0.5) return deterministic_log1p(relative);
  return deterministic_log(after) - deterministic_log(before);
}

bool has_same_nests(const Demand& before, const Demand& after) {
  if (before.products() != after.products()) return false;
  for (Eigen::Index j = 0; j < before.products(); ++j) {
    if (before.nest_of(j) != after.nest_of(j)) return false;
    if (before.nesting(before.nest_of(j)) != after.nesting(after.nest_of(j))) return false;
  }
  return true;
}

double compute_cell_change(const Demand& before,
                           const Eigen::Ref<const Eigen::VectorXd>& before_prices,
                           const Demand& after,
                           const Eigen::Ref<const Eigen::VectorXd>& after_prices, Eigen::Index c) {
  std::vector<std::vector<Term>> nests(static_cast<std::size_t>(before.nesting.size()));
  for (Eigen::Index j = 0; j < before.products(); ++j) {
    const double utility = before.utility(j, c);
    const double later = after.utility(j, c);
    const double sensitivity = before.price_sensitivity(c);
    Term term{-infinity, -infinity, 0.0};
    if (utility > -infinity)
      term.before = utility - sensitivity * price_term(before, before_prices(j));
    if (later > -infinity) term.after = later - sensitivity * price_term(after, after_prices(j));
    if (utility > -infinity && later > -infinity) {
      term.change = (later - utility) -
                    sensitivity * price_term_change(before, before_prices(j), after_prices(j));
    }
    const Eigen::Index g = before.nest_of(j);
    const double nesting = before.nesting(g);
    nests[static_cast<std::size_t>(g)].push_back(
        {term.before / nesting, term.after / nesting, term.change / nesting});
  }
  std::vector<Term> alternatives;
  if (before.outside_good) alternatives.push_back({0.0, 0.0, 0.0});
  for (std::size_t g = 0; g < nests.size(); ++g) {
    const Term nest = combine(nests[g]);
    const double nesting = before.nesting(static_cast<Eigen::Index>(g));
    alternatives.push_back({nesting * nest.before, nesting * nest.after, nesting * nest.change});
  }
  return combine(alternatives).change;
}

}  // namespace

Eigen::VectorXd compute_logsum_change(const Demand& before,
                                      const Eigen::Ref<const Eigen::VectorXd>& before_prices,
                                      const Demand& after,
                                      const Eigen::Ref<const Eigen::VectorXd>& after_prices) {
  check_prices(before, before_prices);
  check_prices(after, after_prices);
  if (before.cells() != after.cells() || before.price_term != after.price_term) {
    throw InvalidInput("surplus: before and after must have the same cells and price term");
  }
  // Other nests leave no product to be followed through the change.
  if (!has_same_nests(before, after)) {
    return compute_choice(after, after_prices).logsum -
           compute_choice(before, before_prices).logsum;
  }
  Eigen::VectorXd change = Eigen::VectorXd::Zero(before.cells());
  for (Eigen::Index c = 0; c < before.cells(); ++c) {
    if (!(before.weight(c) > 0.0)) continue;
    change(c) = compute_cell_change(before, before_prices, after, after_prices, c);
    if (std::isfinite(change(c))) continue;
    throw InvalidInput(
        fmt::format("surplus: the buyers of cell {} are offered nothing, before or after, and must "
                    "buy one without an outside good; or their utility is beyond range",
                    c));
  }
  return change;
}

}  // namespace entente::market
