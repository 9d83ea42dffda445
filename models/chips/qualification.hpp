#pragma once

#include <string>
#include <vector>

#include "engine/simulation/model.hpp"

namespace entente::models::chips_market {

/// Qualification of a supplier at a buyer: share of memory moves by it, not by price.
class Qualification {
 public:
  Qualification(const scenario::Scenario& scenario, const simulation::Economy& economy,
                const std::string& model);

  static std::vector<scenario::Field> link_fields();

  /// Unqualified links qualify by a keyed hazard, the scenario's and the partnerships' combined.
  void qualify_suppliers(const simulation::World& world, const simulation::Quarter& quarter,
                         const population::Draws& draws, simulation::World& next) const;

 private:
  struct Gate {
    simulation::Index link;
    double hazard;
    int ramp;              // quarters to full access
    std::uint64_t stream;  // keyed by the link's id
  };
  std::vector<Gate> gates_;
};

}  // namespace entente::models::chips_market
