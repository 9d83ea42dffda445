#pragma once

#include <string>
#include <vector>

#include "engine/simulation/model.hpp"

namespace entente::models::telecom_market {

/// Exogenous fall of the cost of a constant-quality unit.
class CostTrend {
 public:
  CostTrend(const scenario::Scenario& scenario, const simulation::Economy& economy,
            const std::string& model);

  static std::vector<scenario::Field> market_fields();

  void lower_costs(const simulation::World& world, simulation::Quarter& quarter) const;

 private:
  struct Trend {
    simulation::Index first;  // products [first, last)
    simulation::Index last;
    simulation::FadingGrowth growth;
  };
  std::vector<Trend> trends_;
};

}  // namespace entente::models::telecom_market
