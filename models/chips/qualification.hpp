#pragma once

#include <string>
#include <vector>

#include "engine/simulation/model.hpp"

namespace entente::models::chips_market {

/// Qualification of a supplier at a buyer, for each generation: share of memory moves by it, not by
/// price.
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
    simulation::Index generation;  // among those of its market
    simulation::Index market;
    double hazard;
    int ramp;              // quarters to full access
    std::uint64_t stream;  // keyed by the ids of link and generation
  };
  std::vector<Gate> gates_;
};

}  // namespace entente::models::chips_market
