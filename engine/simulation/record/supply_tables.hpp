#pragma once

#include "engine/simulation/record/result_columns.hpp"

namespace entente::simulation {

/// supply: one row per supply contract.
RecordedTable supply_table();

/// inputs: what makers bought, used and hold of inputs under contract.
RecordedTable inputs_table();

/// resources: capacity that products of a market share.
RecordedTable resources_table();

}  // namespace entente::simulation
