#pragma once

#include <stdexcept>
#include <string>
#include <vector>

#include "engine/scenario/reader.hpp"
#include "engine/simulation/run_quarter.hpp"
#include "engine/simulation/simulate.hpp"
#include "models/all.hpp"
#include "tests/temporary_folder.hpp"

namespace entente::test {

inline std::string to_text(const scenario::Faults& faults) {
  std::string text;
  for (const auto& fault : faults)
    text += scenario::to_text(fault) + "\n";
  return text;
}

/// The shipped baseline with more TOML merged over it, and --set assignments.
inline scenario::Scenario read_baseline(const std::string& more = {},
                                        const std::vector<std::string>& sets = {}) {
  const std::string shipped = ENTENTE_SOURCE_DIR "/scenarios";
  const TemporaryFolder folder;
  folder.write("more.toml", "extends = \"" + shipped + "/baseline.toml\"\n" + more);
  auto read = scenario::read_scenario((folder.path() / "more.toml").string(),
                                      simulation::full_schema(models::all()),
                                      {.sets = sets, .allow_extends_anywhere = true});
  if (!read.scenario) throw std::runtime_error(to_text(read.faults));
  return *std::move(read.scenario);
}

inline simulation::World build(const scenario::Scenario& scenario,
                               const std::vector<simulation::Model>& models = models::all()) {
  auto built = simulation::build_world(scenario, models);
  if (!built.world) throw std::runtime_error(to_text(built.faults));
  return *std::move(built.world);
}

/// One quarter, kept with the states around it.
struct Step {
  simulation::World world;
  simulation::Quarter quarter;
  simulation::World next;
};

/// The first `quarters` of a replication.
inline std::vector<Step> run_quarters(simulation::World world, int quarters,
                                      std::uint32_t replication = 0) {
  const population::Draws draws{world.economy->seed, replication};
  std::vector<Step> steps;
  for (int t = 0; t < quarters; ++t) {
    Step step;
    step.world = world;
    step.next = simulation::run_quarter(world, draws, step.quarter);
    world = step.next;
    steps.push_back(std::move(step));
  }
  return steps;
}

}  // namespace entente::test
