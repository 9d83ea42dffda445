#pragma once

#include "engine/simulation/state/quarter.hpp"

namespace entente::simulation {

/// How a buyer spreads its orders for an input over suppliers, L (0 for links of others; sums to 1
/// where any supplier is qualified and free to sell). Within each generation a supplier's weight is
///   base · (w/w₀)^supplier_elasticity,
/// base its share in quarter 0 or, for a newcomer, access · y/(1 − y) with y its part of the
/// capacity of all linked suppliers. What nobody is qualified to supply is of other generations.
/// `ahead`: quarters from now in which the buyer needs it; who is qualified counts as of now.
Eigen::VectorXd split_over_suppliers(const World& world, const Quarter& quarter,
                                     const Eigen::Ref<const Eigen::VectorXd>& link_price,
                                     Index buyer, Index market, int ahead = 0);

/// Whether some supplier of every contract input of a product is qualified and free to sell.
bool has_suppliers(const World& world, const Terms& terms, Index product);

/// Whether an exclusive deal or a ban cuts the link.
bool is_banned(const World& world, const Terms& terms, Index link);

/// Whether the supplier of a link may serve what its buyer needs now.
bool can_supply(const World& world, const Terms& terms, Index link);

}  // namespace entente::simulation
