#pragma once

#include "engine/simulation/state/quarter.hpp"

namespace entente::simulation {

/// Puts shocks, and what deals and events do to capacity and demand, on top of the quarter's
/// expectations. Sellers see all of it before they price.
void disturb(const World& world, Quarter& quarter);

}  // namespace entente::simulation
