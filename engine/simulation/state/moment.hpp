#pragma once

#include <limits>

#include "engine/simulation/state/quarter.hpp"
#include "engine/simulation/state/world.hpp"

namespace entente::simulation {

/// A value that does not exist: an empty cell.
inline constexpr double missing = std::numeric_limits<double>::quiet_NaN();

/// What one quarter offers to the recorder.
struct Moment {
  const World& world;
  const Quarter& quarter;
  const World& next;
};

}  // namespace entente::simulation
