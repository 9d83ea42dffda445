#pragma once

#include "engine/simulation/state/quarter.hpp"

namespace entente::simulation {

/// Where each product stands in quarter 0: entrants of firms that enter by profit are outside.
void start_presence(World& world);

/// Fixed cost of the quarter beside research, USD bn: none once a product has left; the cost of
/// entry in an entrant's first quarter.
double standing_cost(const World& world, Index product);

/// Who leaves and who enters before the next quarter. At most one product leaves a market a
/// quarter, the one that loses most for its revenue, and one enters, the one that expects most: the
/// others look at what that changes.
///   exit `losses`   Π' = exit_memory·Π + profit after fixed cost, R' likewise with revenue; leaves
///                   after exit_patience quarters in a row with Π < −exit_threshold·R. Waiting for
///                   worse than break-even is what uncertainty makes of exit (Dixit 1989). A
///                   product stays if some buyer would have nothing else on offer.
///   entry `profit`  enters when a·π ≥ entry_cost and π > 0: π the profit that it would make in
///   this
///                   quarter's market at its price, a the annuity factor of entry_horizon quarters.
/// In contract markets, and for captive products, entry goes by date and nobody leaves.
void decide_presence(const World& world, const Quarter& quarter, World& next);

}  // namespace entente::simulation
