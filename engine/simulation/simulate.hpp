#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "engine/output/result_table.hpp"
#include "engine/scenario/scenario.hpp"
#include "engine/simulation/build/build_world.hpp"
#include "engine/simulation/model.hpp"
#include "engine/simulation/state/world.hpp"

namespace entente::simulation {

/// All tables and keys of a scenario: the engine's and those the models add.
scenario::Schema full_schema(const std::vector<Model>& models);

/// The tables that every replication of this world records, with their rows.
std::vector<output::ResultTable> result_tables(const World& world);

/// The result tables with their columns but without rows, for the column dictionary.
std::vector<output::ResultTable> declared_tables(const std::vector<Model>& models);

/// The one unit of work: quarters from the world's own up to `until` (exclusive), without I/O or
/// generator state; every draw is keyed by (seed, replication, purpose, entity, quarter).
output::Results simulate(World world, std::uint64_t replication, int until);

/// The same step by step: brings the world to quarter `until` and appends what is recorded.
void advance(World& world, std::uint64_t replication, int until, output::Results& results);

}  // namespace entente::simulation
