#pragma once

#include <cstdint>
#include <optional>
#include <stdexcept>
#include <string>
#include <vector>

#include "engine/output/result_table.hpp"
#include "engine/scenario/scenario.hpp"
#include "engine/simulation/model.hpp"
#include "engine/simulation/world.hpp"

namespace entente::simulation {

/// All tables and keys of a scenario: the engine's and those the models add.
scenario::Schema full_schema(const std::vector<Model>& models);

struct BuildResult {
  std::optional<World> world;  // quarter 0, calibrated; present exactly when there are no faults
  scenario::Faults faults;
};

/// Checks what concerns several keys, then calibrates quarter 0. Figures that no parameters can
/// reproduce are faults. Never throws for user input.
BuildResult build_world(const scenario::Scenario& scenario, const std::vector<Model>& models);

/// The tables that every replication of this world records, with their rows.
std::vector<output::ResultTable> result_tables(const World& world);

/// The result tables with their columns but without rows, for the column dictionary.
std::vector<output::ResultTable> declared_tables(const std::vector<Model>& models);

/// A replication that the model could not finish: says market, quarter, residual and remedy.
class SimulationFailure : public std::runtime_error {
 public:
  using std::runtime_error::runtime_error;
};

/// The one unit of work: quarters from the world's own up to `until` (exclusive), without I/O or
/// generator state; every draw is keyed by (seed, replication, purpose, entity, quarter).
output::Results simulate(World world, std::uint64_t replication, int until);

}  // namespace entente::simulation
