#pragma once

#include <Eigen/Core>

#include "engine/market/demand.hpp"

namespace entente::market {

/// Outcome of an auction for each buyer in which the offer of the highest score (utility less α
/// times price) wins and pays the price at which it would tie with the best offer of another firm
/// (Miller 2014). Expected profit is size·share·markup: see compute_product_profit.
struct SecondScoreAuction {
  Eigen::VectorXd share;          // J, probability that j wins: choice at prices equal to cost
  double outside_share = 0.0;     // probability that nobody sells
  Eigen::VectorXd price;          // J, expected on winning, currency per unit
  Eigen::VectorXd markup;         // J, price − marginal cost, the same for a firm's products
  double consumer_surplus = 0.0;  // per active buyer, currency
};

/// For a firm f, α·markup = −ln(1 − s_f)/s_f in plain logit. In nested logit it is the loss of
/// logsum without f's products over s_f, and the same for all of them only if they share a nest.
/// Without an outside good consumer_surplus is defined up to a constant, as in surplus.hpp, and
/// prices rest on rivals alone. demand: one cell, linear price term. marginal_cost: J, currency per
/// unit. seller: J, firm of product j, any numbers. Products that are not offered have share and
/// markup 0. Throws InvalidInput for other demand, also where a firm has offers in several nests,
/// for sizes that disagree and costs that are not finite; Infeasible where a firm meets neither
/// rivals nor an outside good, so that nothing bounds its price.
SecondScoreAuction compute_second_score_auction(
    const Demand& demand, const Eigen::Ref<const Eigen::VectorXd>& marginal_cost,
    const Eigen::Ref<const Eigen::VectorXi>& seller);

}  // namespace entente::market
