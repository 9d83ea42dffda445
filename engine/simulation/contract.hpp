#pragma once

#include "engine/simulation/quarter.hpp"

namespace entente::simulation {

/// The bargain behind one link at the state of the quarter's start. Costs of the buyer's other
/// inputs must be known. Residual buyers do not bargain (see price_contracts).
struct LinkBargain {
  double supplier_cost = 0.0;
  double buyer_value = 0.0;
  double replaceable = 0.0;
  double alternative_price = 0.0;
};
LinkBargain describe_bargain(const World& world, const Quarter& quarter, Index link);

/// Prices of all links of a contract market: bargained, repriced a fraction a quarter, under the
/// partnerships' terms. A residual buyer pays what the supplier's other contracts do on average.
void price_contracts(const World& world, Quarter& quarter, Index market);

/// How a buyer splits its orders over suppliers this quarter, L (0 for links of other buyers; sums
/// to 1 when any supplier is qualified).
Eigen::VectorXd split_over_suppliers(const World& world, const Quarter& quarter, Index buyer,
                                     Index market);

/// Whether some supplier of every contract input of a product is qualified and free to sell.
bool has_suppliers(const World& world, const Quarter& quarter, Index product);

/// Whether an exclusive deal cuts the link.
bool is_banned(const World& world, const Terms& terms, Index link);

}  // namespace entente::simulation
