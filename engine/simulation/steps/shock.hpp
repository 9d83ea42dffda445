#pragma once

#include "engine/simulation/state/quarter.hpp"

namespace entente::simulation {

/// Adds the present state of every shock to the quarter's expectations and terms.
void add_shocks(const World& world, Quarter& quarter);

/// x' = persistence·x + deviation·ε, ε keyed by the shock's id and the quarter it is for.
void renew_shocks(const World& world, const population::Draws& draws, World& next);

}  // namespace entente::simulation
