#pragma once

#include <string>
#include <vector>

#include "engine/simulation/model.hpp"

namespace entente::models::chips_market {

/// Learning by doing of suppliers under contract, generation by generation (Irwin & Klenow 1994):
/// with each doubling of experience a unit's cost falls by a fixed part. Experience is own output
/// that fades, and a part of rivals'; a new generation starts with a part of what was known of the
/// one before. Costs fall because the same capacity yields more.
class Learning {
 public:
  /// State lies in model_state[own] from `first` on.
  Learning(const scenario::Scenario& scenario, const simulation::Economy& economy,
           const std::string& model, std::size_t own, simulation::Index first);

  static std::vector<scenario::Field> market_fields();

  simulation::Index state_size() const;
  void remember_start(simulation::World& world) const;
  /// Cost that learning left of a product's, quarter 0 = 100; `missing` where nobody learns.
  double cost_index(const simulation::World& world, simulation::Index product) const;
  void lower_costs(const simulation::World& world, simulation::Quarter& quarter) const;

  /// Output of the quarter becomes experience, and experience yield. After capacity is set.
  void learn(const simulation::World& world, const simulation::Quarter& quarter,
             simulation::World& next) const;

 private:
  struct Maker {
    simulation::Index product;
    simulation::Index group;  // of makers who learn from each other
    simulation::Index state;  // experience by generation, then the cost factor of quarter 0
    double exponent;          // b: cost ~ experience^−b
    double rival_weight;
    double kept;  // of experience, a quarter
    double initial_quarters;
    double new_generation;
    double yield_part;
    simulation::Index generations;
  };
  double experience(const Eigen::VectorXd& state, const Maker& maker,
                    simulation::Index generation) const;
  double cost_factor(const simulation::World& world, const Maker& maker,
                     const Eigen::VectorXd& state) const;

  std::size_t own_;
  simulation::Index first_;
  std::vector<Maker> makers_;
};

}  // namespace entente::models::chips_market
