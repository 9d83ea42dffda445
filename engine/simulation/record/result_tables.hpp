#pragma once

#include <vector>

#include "engine/output/result_table.hpp"
#include "engine/simulation/state/added_series.hpp"
#include "engine/simulation/state/quarter.hpp"
#include "engine/simulation/state/world.hpp"

namespace entente::simulation {

/// The engine's result tables with their columns, without rows.
std::vector<output::ResultTable> engine_tables();

/// Puts added columns after those of their tables. Throws std::invalid_argument when there is no
/// such table, or a column of that name in it already.
void add_series(const std::vector<AddedSeries>& added, std::vector<output::ResultTable>& tables);

/// Adds the rows (entities) that a world records.
void add_rows(const World& world, std::vector<output::ResultTable>& tables);

/// Appends one quarter to a replication's results; `next` is the state it ended in. Throws
/// SimulationFailure when a value that must exist is not finite.
void record_quarter(const World& world, const Quarter& quarter, const World& next,
                    const std::vector<output::ResultTable>& tables, output::Results& results);

}  // namespace entente::simulation
