#pragma once

#include "engine/simulation/state/economy.hpp"
#include "engine/simulation/state/terms.hpp"

namespace entente::simulation {

/// Multiplies the values, P, of the product, or of all products of the market.
void scale_products(const Economy& economy, const Scope& scope, double factor,
                    Eigen::VectorXd& values);

/// Multiplies what buyers would consider: of an account, of a market, or, under contract, of the
/// residual buyers of a product or of all products of a market.
void scale_demand(const Economy& economy, const Scope& scope, double factor, Terms& terms);

/// Whether an effect on supply concerns a link: of its supplier, with the product or account that
/// buys where it names one.
bool concerns(const Effect& effect, const Link& link);

}  // namespace entente::simulation
