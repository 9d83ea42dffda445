#pragma once

#include "engine/market/demand.hpp"
#include "engine/market/pricing.hpp"
#include "engine/simulation/state/quarter.hpp"

namespace entente::simulation {

/// Whether demand is that which buyers have now, or the one that sellers price at: the season's
/// mean, without quarter 0's passing shock.
enum class Season { now, mean };

/// Demand of one market's active buyers at the start of the quarter, under this quarter's terms.
market::Demand build_demand(const World& world, const Quarter& quarter, Index market,
                            Season season);

/// Utility that all buyers of a market share at the start of the quarter, beside price: J, −∞ where
/// a product is not on offer.
Eigen::VectorXd common_utility(const World& world, const Quarter& quarter, Index market,
                               Season season);

/// A discounted price in utility; the posted price is in the demand already.
double discount_utility(const Market& market, double sensitivity, double price, double discount);

/// Costs, ownership and discounts of one market's sellers. Marginal costs must be there.
market::Supply build_supply(const World& world, const Quarter& quarter, Index market);

/// The price of a product that its seller does not choose this quarter: its marginal cost, the
/// scenario's, or the one it is not on offer at; NaN of one that it does.
double held_price(const World& world, const Quarter& quarter, Index product);

/// Control γ and financial interest β of firms in firms, F×F, each row a holder; what others do not
/// hold of a firm is its own.
struct StakeMatrices {
  Eigen::MatrixXd control;
  Eigen::MatrixXd interest;
};
StakeMatrices stake_matrices(const World& world, const Terms& terms);

/// Number of active buyers that demand weights stand for, quantity units.
double active_buyers(const World& world, const Quarter& quarter, Index market);

/// Utility of a willingness to pay of one whole price, at quarter-0 prices.
double utility_of_price(const Market& market, const Product& product);

/// Whether a product is on offer this quarter.
bool on_offer(const World& world, const Terms& terms, Index product);

}  // namespace entente::simulation
