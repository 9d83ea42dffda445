#pragma once

#include "engine/simulation/state/quarter.hpp"
#include "engine/simulation/state/world.hpp"

namespace entente::simulation {

/// One quarter, from the state at its start to the state at the next; `record` sees both.
World run_quarter(World world, const population::Draws& draws, Quarter& quarter);

}  // namespace entente::simulation
