#pragma once

#include "engine/simulation/model.hpp"

namespace entente::models {

/// Subscription markets: mobile lines and business accounts of the cloud.
simulation::Model telecom();

}  // namespace entente::models
