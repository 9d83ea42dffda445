#pragma once

#include <array>
#include <string>
#include <vector>

#include "engine/simulation/model.hpp"

namespace entente::models::appliances_market {

/// Seasons of durable markets: how many replace, and which products they lean to. Prices do not
/// chase the season.
class Season {
 public:
  Season(const scenario::Scenario& scenario, const simulation::Economy& economy,
         const std::string& model, scenario::Faults& faults);

  static std::vector<scenario::Field> market_fields();
  static std::vector<scenario::Field> product_fields();

  void set_season(const simulation::World& world, simulation::Quarter& quarter) const;

 private:
  struct MarketSeason {
    simulation::Index market;
    std::array<double, 4> activity;  // factor on the turnover, mean 1
  };
  struct ProductSeason {
    simulation::Index product;
    std::array<double, 4> utility;  // σ, sum 0
  };
  std::vector<MarketSeason> markets_;
  std::vector<ProductSeason> products_;
};

}  // namespace entente::models::appliances_market
