#pragma once

#include "engine/scenario/field.hpp"

namespace entente::simulation {

/// The tables and keys that every scenario has; models add theirs.
scenario::Schema engine_schema();

}  // namespace entente::simulation
