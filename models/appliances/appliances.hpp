#pragma once

#include "engine/simulation/model.hpp"

namespace entente::models {

/// Durable devices with seasons, and the assistants that live in them.
simulation::Model appliances();

}  // namespace entente::models
