#pragma once

#include <stdexcept>
#include <string>
#include <vector>

#include "engine/scenario/reader.hpp"
#include "engine/simulation/simulate.hpp"
#include "models/all.hpp"

namespace entente::bench {

/// Quarter 0 of a shipped scenario, such as "baseline.toml".
inline simulation::World load_world(const std::string& name,
                                    const std::vector<std::string>& sets = {}) {
  const auto models = models::all();
  const auto read = scenario::read_scenario(ENTENTE_SOURCE_DIR "/scenarios/" + name,
                                            simulation::full_schema(models), {.sets = sets});
  if (!read.scenario) throw std::runtime_error(to_text(read.faults.at(0)));
  auto built = simulation::build_world(*read.scenario, models);
  if (!built.world) throw std::runtime_error(to_text(built.faults.at(0)));
  return *std::move(built.world);
}

}  // namespace entente::bench
