#include "models/telecom/cost_trend.hpp"

namespace entente::models::telecom_market {

using scenario::Type;

std::vector<scenario::Field> CostTrend::market_fields() {
  return {
      {.key = "cost_trend",
       .type = Type::figure,
       .unit = "per quarter",
       .meaning = "Growth of marginal cost beside inputs of a constant-quality unit, first "
                  "quarter's rate.",
       .default_value = "0",
       .minimum = -0.2,
       .maximum = 0.2},
      {.key = "cost_trend_fade",
       .type = Type::figure,
       .meaning = "Factor on that trend each quarter.",
       .default_value = "1",
       .minimum = 0,
       .maximum = 1,
       .exclusive_minimum = true,
       .drawn = scenario::Drawn::by_loss},
  };
}

CostTrend::CostTrend(const scenario::Scenario& scenario, const simulation::Economy& economy,
                     const std::string& model) {
  for (const simulation::Market& market : economy.markets) {
    if (market.model != model) continue;
    const scenario::Entry& entry = *scenario.find("market", market.id);
    if (entry.number("cost_trend") == 0.0) continue;
    trends_.push_back(
        {market.first, market.last, {entry.number("cost_trend"), entry.number("cost_trend_fade")}});
  }
}

void CostTrend::lower_costs(const simulation::World& world, simulation::Quarter& quarter) const {
  for (const Trend& trend : trends_) {
    quarter.own_cost_factor.segment(trend.first, trend.last - trend.first) *=
        trend.growth.factor_until(world.quarter);
  }
}

}  // namespace entente::models::telecom_market
