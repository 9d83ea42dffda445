#include "engine/simulation/state/world.hpp"

#include <utility>

namespace entente::simulation {

World move_on(World& world) {
  std::vector<population::Population> populations = std::exchange(world.populations, {});
  World next = world;
  next.populations = std::move(populations);
  return next;
}

}  // namespace entente::simulation
