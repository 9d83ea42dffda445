#pragma once

#include <string>
#include <vector>

#include "engine/simulation/model.hpp"

namespace entente::models::telecom_market {

/// Providers whose own compute grows faster than their rivals' win willingness to pay.
class ComputeAdvantage {
 public:
  ComputeAdvantage(const scenario::Scenario& scenario, const simulation::Economy& economy,
                   const std::string& model, scenario::Faults& faults);

  static std::vector<scenario::Field> market_fields();

  void raise_quality(const simulation::World& world, simulation::World& next) const;

 private:
  struct Provider {
    simulation::Index product;
    simulation::Index account;  // that holds its compute
  };
  struct Rivalry {
    double elasticity;  // willingness to pay per log point of compute ahead of the mean
    std::vector<Provider> providers;
  };
  std::vector<Rivalry> rivalries_;
};

}  // namespace entente::models::telecom_market
