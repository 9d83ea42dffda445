#pragma once

#include <vector>

#include "engine/simulation/model.hpp"

namespace entente::models {

/// Every model of this program, in the order of the market graph.
std::vector<simulation::Model> all();

}  // namespace entente::models
