#pragma once

#include "engine/scenario/field.hpp"

namespace entente::simulation {

/// A market: its kind, size and demand at quarter 0.
scenario::Table market_table();

}  // namespace entente::simulation
