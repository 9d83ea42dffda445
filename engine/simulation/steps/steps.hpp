#pragma once

#include "engine/simulation/state/quarter.hpp"

namespace entente::simulation {

/// What everyone expects of the quarter before prices: the terms of deals and events in force,
/// capacity, the exogenous size of every market, who reconsiders, and accounts that follow their
/// host's base; the models refine it.
void expect_quarter(const World& world, Quarter& quarter);

/// Step 2: input contracts and posted prices, tier by tier from upstream to downstream, at expected
/// demand and capacity.
void set_prices(const World& world, Quarter& quarter);

/// Step 3: consumers and accounts choose; derived orders for inputs go up, downstream to upstream.
void place_orders(World& world, Quarter& quarter, const population::Draws& draws);

/// Step 4: deliveries come down, reserved capacity first; what falls short is rationed and the
/// unserved choose again.
void deliver(World& world, Quarter& quarter, const population::Draws& draws);

/// Step 5: revenue, cost, profit, transfers between partners, consumer surplus.
void settle_accounts(const World& world, Quarter& quarter);

/// Step 6: expectations, capacity, quality, contracts, stocks, entry and exit of the next quarter.
void invest(const World& world, Quarter& quarter, const population::Draws& draws, World& next);

}  // namespace entente::simulation
