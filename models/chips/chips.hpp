#pragma once

#include "engine/simulation/model.hpp"

namespace entente::models {

/// Memory under contract and the accelerators and storage that accounts build up as capital.
simulation::Model chips();

}  // namespace entente::models
