#pragma once

#include "engine/scenario/field.hpp"

namespace entente::simulation {

/// What a firm sells: its figures of quarter 0, costs, capacity and quality.
scenario::Table product_table();

}  // namespace entente::simulation
