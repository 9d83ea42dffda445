#pragma once

#include <Eigen/Core>

#include "engine/market/demand.hpp"

namespace entente::market {

/// Consumer surplus per active buyer, currency: Σ_c w_c logsum_c/α_c over the total weight (Small &
/// Rosen 1981), the worth of the market against no market at all. Without an outside good the level
/// is defined only up to a constant, the utility of the reference that the caller chose: use
/// differences. Throws InvalidInput with a log price term, under which the surplus has no level in
/// money, and where sizes disagree or no cell has weight.
double compute_consumer_surplus(const Demand& demand, const Choice& choice);

/// Change of consumer surplus per active buyer from `before` to `after`, currency: Δlogsum/α for a
/// linear price term; for a log term the equivalent uniform percentage price change, Δlogsum/η,
/// times spending_per_buyer (C, currency per active buyer of the cell before the change; not read
/// with a linear term).
double compute_surplus_change(const Demand& demand, const Choice& before, const Choice& after,
                              const Eigen::Ref<const Eigen::VectorXd>& spending_per_buyer);

/// Compensating variation per active buyer, currency, harm > 0: what the buyers of `before` must be
/// given to be as well off under `after`; minus compute_surplus_change where demand is the same.
/// The same buyers (cells, weights, sensitivities, price term, outside good) face different
/// products: utilities, prices and nests may differ. Throws InvalidInput where they do not agree.
double compute_compensating_variation(const Demand& before, const Choice& before_choice,
                                      const Demand& after, const Choice& after_choice,
                                      const Eigen::Ref<const Eigen::VectorXd>& spending_per_buyer);

/// The same from prices (J each), exact to the last digits also where the change is tiny beside the
/// logsum, as when a product few people buy becomes dearer. 0 where nothing changes.
double compute_compensating_variation(const Demand& before,
                                      const Eigen::Ref<const Eigen::VectorXd>& before_prices,
                                      const Demand& after,
                                      const Eigen::Ref<const Eigen::VectorXd>& after_prices,
                                      const Eigen::Ref<const Eigen::VectorXd>& spending_per_buyer);

/// Spending per active buyer of each cell, C, currency: Σ_j s_cj p_j.
Eigen::VectorXd compute_spending(const Choice& choice,
                                 const Eigen::Ref<const Eigen::VectorXd>& prices);

}  // namespace entente::market
