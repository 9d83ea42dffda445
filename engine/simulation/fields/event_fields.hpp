#pragma once

#include "engine/scenario/field.hpp"

namespace entente::simulation {

/// [[event]]: what changes the world from a date on.
scenario::Table event_table();

/// [[shock]]: noise of a process.
scenario::Table shock_table();

}  // namespace entente::simulation
