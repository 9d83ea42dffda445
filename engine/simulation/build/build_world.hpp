#pragma once

#include <optional>
#include <vector>

#include "engine/scenario/scenario.hpp"
#include "engine/simulation/model.hpp"
#include "engine/simulation/state/world.hpp"

namespace entente::simulation {

struct BuildResult {
  std::optional<World> world;  // quarter 0, calibrated; present exactly when there are no faults
  scenario::Faults faults;
};

/// Checks what concerns several keys, then calibrates quarter 0. Figures that no parameters can
/// reproduce are faults. Never throws for user input.
BuildResult build_world(const scenario::Scenario& scenario, const std::vector<Model>& models);

}  // namespace entente::simulation
