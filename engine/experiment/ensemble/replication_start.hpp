#pragma once

#include <cstdint>
#include <stdexcept>
#include <vector>

#include "engine/scenario/scenario.hpp"
#include "engine/simulation/model.hpp"
#include "engine/simulation/state/world.hpp"

namespace entente::experiment {

/// No draw of a replication's parameters could be calibrated; says what the last one lacked.
class InfeasibleParameters : public std::runtime_error {
 public:
  using std::runtime_error::runtime_error;
};

/// The worlds that the replications of a scenario start from: with `run.parameters = "drawn"` each
/// has its own figures and is calibrated to them, else all share one. What it is made of must
/// outlive it.
class ReplicationStart {
 public:
  static constexpr std::uint32_t most_attempts = 50;

  /// `world` is the scenario's own, built with `models`.
  ReplicationStart(const scenario::Scenario& scenario, const simulation::World& world,
                   const std::vector<simulation::Model>& models);

  /// Quarter 0 of a replication, from any thread. A draw whose quarter 0 no parameters can give is
  /// drawn anew and counted. Throws InfeasibleParameters after `most_attempts`.
  simulation::World world(std::uint64_t replication, std::int64_t& redraws) const;

  bool drawn() const { return drawn_; }

 private:
  const scenario::Scenario& scenario_;
  const simulation::World& world_;
  const std::vector<simulation::Model>& models_;
  scenario::Schema schema_;
  bool drawn_;
};

}  // namespace entente::experiment
