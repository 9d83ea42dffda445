#pragma once

#include <stdexcept>

namespace entente::simulation {

/// A replication that the model could not finish: says market, quarter, residual and remedy.
class SimulationFailure : public std::runtime_error {
 public:
  using std::runtime_error::runtime_error;
};

}  // namespace entente::simulation
