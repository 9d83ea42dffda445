#pragma once

#include <string>
#include <vector>

#include "engine/simulation/model.hpp"

namespace entente::models::chips_market {

/// Software written for the equipment an account has makes more of the same kind worth more to it:
/// V_aj += lock_in · (share of j in a's stock − the same in quarter 0). Switching cost in the sense
/// of Klemperer 1987, for buyers who hold several kinds at once.
class LockIn {
 public:
  /// State lies in model_state[own] from `first` on.
  LockIn(const scenario::Scenario& scenario, const simulation::Economy& economy,
         const std::string& model, std::size_t own, simulation::Index first);

  static std::vector<scenario::Field> market_fields();

  simulation::Index state_size() const;

  /// Stocks by product, as quarter 0's purchases would build them. Stocks of accounts must be
  /// there.
  void remember_start(simulation::World& world) const;

  void favour_what_is_used(const simulation::World& world, simulation::Quarter& quarter) const;
  void renew_stocks(const simulation::World& world, const simulation::Quarter& quarter,
                    simulation::World& next) const;

 private:
  struct Place {
    simulation::Index market;
    simulation::Index state;  // accounts × products, account slowest; then the same at quarter 0
    double lock_in;
  };
  std::size_t own_;
  simulation::Index first_;
  std::vector<Place> places_;
  simulation::Index size_ = 0;
};

}  // namespace entente::models::chips_market
