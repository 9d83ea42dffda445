#pragma once

#include <optional>
#include <string>
#include <vector>

#include "engine/cli/command.hpp"
#include "engine/scenario/reader.hpp"
#include "engine/simulation/state/world.hpp"

namespace entente::cli {

/// A scenario that passed every check, with its quarter 0.
struct LoadedScenario {
  scenario::Scenario scenario;
  simulation::World world;
};

/// --set, --seed, --replications, --scenarios and --allow-extends-anywhere, for every command that
/// reads scenarios.
std::vector<Option> scenario_options();
Option quiet_option();

scenario::ReadOptions read_options(const Arguments& arguments);

/// Reads, checks and calibrates all of them; prints all faults of all and returns nothing if there
/// is one.
std::optional<std::vector<LoadedScenario>> load_scenarios(const std::vector<std::string>& files,
                                                          const Arguments& arguments,
                                                          Context& context);

/// The scenario as written and merged, without calibration; prints its faults.
std::optional<scenario::Scenario> load_text(const std::string& file, const Arguments& arguments,
                                            Context& context);

void print_faults(const scenario::Faults& faults, std::ostream& stream);

}  // namespace entente::cli
