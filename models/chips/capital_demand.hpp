#pragma once

#include <string>
#include <vector>

#include "engine/simulation/model.hpp"

namespace entente::models::chips_market {

/// Demand for goods that serve for years behind a flow of use: an account orders what wears out and
/// closes part of the gap between the stock it has and the stock it wants.
class CapitalDemand {
 public:
  CapitalDemand(const scenario::Scenario& scenario, const simulation::Economy& economy,
                const std::string& model, scenario::Faults& faults);

  static std::vector<scenario::Field> market_fields();
  static std::vector<scenario::Field> account_fields();

  /// Stocks on the balanced path that quarter 0's purchases lie on.
  void set_initial_stocks(simulation::World& world) const;

  /// Potential purchases of every account of the model's allocation markets.
  void expect_volumes(const simulation::World& world, simulation::Quarter& quarter) const;

 private:
  struct Driver {
    simulation::Index product;
    double weight;
  };
  struct Account {
    simulation::Index index;
    simulation::Index market;
    simulation::FadingGrowth growth;  // of the stock it wants, exogenous
    double gap_closing;               // φ, per quarter
    std::vector<Driver> drivers;
  };
  static double wanted_stock(const simulation::World& world, const Account& account);
  static double initial_stock(const simulation::Economy& economy, const Account& account);

  std::vector<Account> accounts_;
};

}  // namespace entente::models::chips_market
