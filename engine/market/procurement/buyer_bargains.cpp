#include "engine/market/procurement/buyer_bargains.hpp"

#include <algorithm>
#include <array>
#include <cmath>
#include <fmt/format.h>
#include <limits>

#include "engine/market/elementary.hpp"

namespace entente::market {

namespace {

using Eigen::ArrayXXd;
using Eigen::Index;
using Eigen::VectorXd;

constexpr double largest_step = 1.4;  // of the log of a price
constexpr double part_of_step = 0.5;  // best answers to each other overshoot where goods are close

void require(bool holds, const char* what) {
  if (!holds) throw InvalidInput(fmt::format("bargains with buyers: {}", what));
}

void validate(const Demand& demand, const Supply& supply, const ArrayXXd& values) {
  validate_demand(demand);
  validate_supply(supply, demand.products());
  require(values.rows() == demand.products() && values.cols() == demand.cells(),
          "prices and weights must be one a product and cell");
  require((supply.fringe.array() == 1.0).all(), "a fringe posts its prices");
}

/// One buyer, with all that the conditions of its products need at given prices.
class Talks {
 public:
  Talks(const Demand& demand, const Supply& supply, Index cell) : supply_(supply) {
    buyer_ = demand;
    buyer_.weight = VectorXd::Ones(1);
    buyer_.price_sensitivity = demand.price_sensitivity.segment(cell, 1);
    buyer_.utility = demand.utility.col(cell);
  }

  bool offered(Index i) const { return std::isfinite(buyer_.utility(i, 0)); }
  bool bargained(Index i) const { return offered(i) && std::isnan(supply_.price_fixed(i)); }
  bool logarithmic() const { return buyer_.price_term == PriceTerm::log; }

  void look_at(const VectorXd& price) {
    price_ = price;
    choice_ = compute_choice(buyer_, price);
    margin_ = supply_.received.cwiseProduct(price) - supply_.marginal_cost;
  }

  /// The two sides of product i as functions of its margin m, others held: the seller's gain from
  /// a higher price, marginal[0] + marginal[1]·m, and from trade, trade[0] + trade[1]·m.
  struct Sides {
    std::array<double, 2> marginal;
    std::array<double, 2> trade;
    double hurt;  // what a unit of price takes from the buyer, over what trade gives it
  };
  Sides describe(Index i) const {
    const double share = choice_.share(i);
    Sides sides{{supply_.received(i) * share, slope(i, i)},
                {0.0, share},
                disutility(i) * share / loss_without(i)};
    VectorXd left;  // shares without i; most sellers have no interest in others'
    for (Index j = 0; j < price_.size(); ++j) {
      if (j == i || !offered(j) || supply_.ownership(i, j) == 0.0) continue;
      if (left.size() == 0) left = shares_without(i);
      const double weight = supply_.ownership(i, j) / supply_.ownership(i, i) * margin_(j);
      sides.marginal[0] += weight * slope(j, i);
      sides.trade[0] += weight * (choice_.share(j) - left(j));
    }
    return sides;
  }

  /// The price of i that its condition gives if shares stayed: the ζ-markup step of Morrow &
  /// Skerlos (2011) with the buyer's side added. With a log price term both sides go with p.
  double answer(Index i, double weight) const {
    const Sides sides = describe(i);
    const double margin =
        ((1.0 - weight) * sides.marginal[0] - weight * sides.hurt * sides.trade[0]) /
        (weight * sides.hurt * sides.trade[1] - (1.0 - weight) * sides.marginal[1]);
    if (!logarithmic()) return (supply_.marginal_cost(i) + margin) / supply_.received(i);
    const double kept = supply_.received(i) - margin / price_(i);
    return kept > 0.0 ? supply_.marginal_cost(i) / kept : std::numeric_limits<double>::infinity();
  }

  double weight_of(Index i, Index cell) const {
    const Sides sides = describe(i);
    const double seller = sides.marginal[0] + sides.marginal[1] * margin_(i);
    const double gain = sides.trade[0] + sides.trade[1] * margin_(i);
    // Rounding at the posted price is no reason to refuse it.
    const bool posted = std::abs(seller) <= 1e-9 * supply_.received(i) * choice_.share(i);
    if ((seller < 0.0 && !posted) || !(gain >= 0.0) || (gain == 0.0 && posted)) {
      throw NoBuyerBargain(
          fmt::format("at the price {:.6g} and the cost {:.6g} the seller would gain {:.3g} by "
                      "trading, and {:.3g} by a higher price: no bargaining weight in [0, 1] gives "
                      "it",
                      price_(i), supply_.marginal_cost(i), gain, seller),
          i, cell);
    }
    return std::max(0.0, seller) / (std::max(0.0, seller) + sides.hurt * gain);
  }

 private:
  double nesting_of(Index i) const { return buyer_.nesting(buyer_.nest_of(i)); }

  double share_of_nest(Index i) const {
    double nest = 0.0;
    for (Index j = 0; j < price_.size(); ++j) {
      if (buyer_.nest_of(j) == buyer_.nest_of(i)) nest += choice_.share(j);
    }
    return nest;
  }

  /// L − L_−i = −ln(1 − S (1 − (1 − s/S)^λ)) with S the share of i's nest: exact for small shares.
  double loss_without(Index i) const {
    const double nest = share_of_nest(i);
    const double part = choice_.share(i) / nest;
    const double kept = nesting_of(i) * deterministic_log1p(-part);
    const double lost = part < 1.0 ? -deterministic_expm1(kept) : 1.0;
    if (!(nest * lost < 1.0)) {
      throw Infeasible("bargains with buyers: a product is all that its buyers can have");
    }
    return -deterministic_log1p(-nest * lost);
  }

  VectorXd shares_without(Index i) const {
    Demand without = buyer_;
    without.utility(i, 0) = -std::numeric_limits<double>::infinity();
    return compute_choice(without, price_).share;
  }

  /// ds_j/dp_i.
  double slope(Index j, Index i) const {
    double by_utility = -choice_.share(i);
    if (buyer_.nest_of(j) == buyer_.nest_of(i)) {
      const double closeness = 1.0 / nesting_of(i);
      by_utility -= (closeness - 1.0) * choice_.share(i) / share_of_nest(i);
      if (i == j) by_utility += closeness;
    }
    return -disutility(i) * choice_.share(j) * by_utility;
  }

  double disutility(Index i) const {
    return buyer_.price_sensitivity(0) / (logarithmic() ? price_(i) : 1.0);
  }

  const Supply& supply_;
  Demand buyer_;
  VectorXd price_;
  Choice choice_;
  VectorXd margin_;
};

/// Steps of best answers, each part of the way, until no price moves.
VectorXd settle(Talks& talks, const VectorXd& weight, VectorXd price, const PricingOptions& options,
                BuyerPrices& told) {
  double change = std::numeric_limits<double>::infinity();
  for (int round = 0; round < options.max_iterations; ++round) {
    talks.look_at(price);
    VectorXd next = price;
    change = 0.0;
    for (Index i = 0; i < price.size(); ++i) {
      if (!talks.bargained(i)) continue;
      const double answer = talks.answer(i, weight(i));
      change = std::max(change, std::abs(answer - price(i)) / std::abs(price(i)));
      if (talks.logarithmic()) {
        // Where a seller has nearly all of the buyer its markup is without bound, but only there.
        const double step = std::min(deterministic_log(answer / price(i)), largest_step);
        next(i) = price(i) * deterministic_exp(part_of_step * step);
      } else {
        next(i) = price(i) + part_of_step * (answer - price(i));
      }
      if (!(std::abs(next(i)) < largest_cost))
        throw Infeasible("bargains with buyers: demand is too inelastic to bound a price");
    }
    told.iterations = std::max(told.iterations, round + 1);
    if (change <= options.tolerance) {
      told.residual = std::max(told.residual, change);
      return price;
    }
    price = next;
  }
  throw NoConvergence(
      fmt::format("bargains with buyers: a price still moves by {:.3g} of itself", change), change,
      options.max_iterations);
}

}  // namespace

BuyerPrices compute_buyer_prices(const Demand& demand, const Supply& supply,
                                 const Eigen::Ref<const ArrayXXd>& buyer_weight,
                                 const Eigen::Ref<const ArrayXXd>& start,
                                 const PricingOptions& options) {
  validate(demand, supply, start);
  require(buyer_weight.rows() == start.rows() && buyer_weight.cols() == start.cols(),
          "prices and weights must be one a product and cell");
  require((buyer_weight >= 0.0).all() && (buyer_weight <= 1.0).all(),
          "a buyer's weight is outside [0, 1]");
  BuyerPrices result;
  result.price = start;
  for (Index cell = 0; cell < demand.cells(); ++cell) {
    Talks talks(demand, supply, cell);
    VectorXd price = start.col(cell);
    for (Index i = 0; i < price.size(); ++i) {
      if (!std::isnan(supply.price_fixed(i))) price(i) = supply.price_fixed(i);
    }
    result.price.col(cell) =
        settle(talks, buyer_weight.col(cell).matrix(), price, options, result).array();
  }
  return result;
}

ArrayXXd compute_buyer_weights(const Demand& demand, const Supply& supply,
                               const Eigen::Ref<const ArrayXXd>& price) {
  validate(demand, supply, price);
  ArrayXXd weight =
      ArrayXXd::Constant(price.rows(), price.cols(), std::numeric_limits<double>::quiet_NaN());
  for (Index cell = 0; cell < demand.cells(); ++cell) {
    Talks talks(demand, supply, cell);
    talks.look_at(price.col(cell).matrix());
    for (Index i = 0; i < price.rows(); ++i) {
      if (talks.bargained(i)) weight(i, cell) = talks.weight_of(i, cell);
    }
  }
  return weight;
}

}  // namespace entente::market
