#pragma once

#include <string>
#include <vector>

#include "engine/simulation/model.hpp"

namespace entente::models::appliances_market {

/// Quality of an assistant follows its host's compute and its own usage data, both relative to its
/// rivals and to quarter 0, with a lag and diminishing (logarithmic) returns.
class AssistantQuality {
 public:
  AssistantQuality(const scenario::Scenario& scenario, const simulation::Economy& economy,
                   const std::string& model, std::size_t own, scenario::Faults& faults);

  static std::vector<scenario::Field> market_fields();
  static std::vector<scenario::Field> product_fields();

  /// Keeps each assistant's compute share and the quality learnt so far.
  void remember_start(simulation::World& world) const;

  /// The largest loop gain of each market: what a log point of use comes back as through one
  /// account's compute.
  std::vector<simulation::Diagnostic> diagnose() const;

  void improve(const simulation::World& world, simulation::World& next) const;

 private:
  struct Assistant {
    simulation::Index product;
    simulation::Index account;  // whose compute it runs on, −1 none known
    double compute_return;      // θ_C
    double data_return;         // θ_U
    double inertia;             // share of last quarter's gap kept
  };
  struct Loop {
    std::string market;
    std::string account;
    double gain;
  };
  void close_loop(const scenario::Scenario& scenario, const simulation::Economy& economy,
                  const simulation::Market& market, const scenario::Entry& entry,
                  scenario::Faults& faults);
  static double compute_share(const simulation::World& world, const Assistant& assistant);

  std::size_t own_;
  std::vector<Assistant> assistants_;
  std::vector<Loop> loops_;  // the largest of each market that has one
};

}  // namespace entente::models::appliances_market
