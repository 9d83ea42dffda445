#pragma once

#include "engine/simulation/state/world.hpp"

namespace entente::simulation {

/// Step 1 of a quarter: announced and probable partnerships form on their date, those in force may
/// dissolve. A deal's luck is keyed by its id, so no other deal disturbs it.
void form_partnerships(World& world, const population::Draws& draws);

/// Events happen on their date, or never, and end on theirs. An event's luck is keyed by its id.
void begin_events(World& world, const population::Draws& draws);

}  // namespace entente::simulation
