#include "models/telecom/telecom.hpp"

#include <memory>
#include <utility>

#include "models/telecom/compute_advantage.hpp"
#include "models/telecom/cost_trend.hpp"

namespace entente::models {

namespace {

class TelecomDynamics final : public simulation::Dynamics {
 public:
  TelecomDynamics(telecom_market::ComputeAdvantage advantage, telecom_market::CostTrend trend)
      : advantage_(std::move(advantage)), trend_(std::move(trend)) {}

  void initialise(simulation::World& /*world*/) const override {}

  void expect(const simulation::World& world, simulation::Quarter& quarter) const override {
    trend_.lower_costs(world, quarter);
  }

  void invest(const simulation::World& world, const simulation::Quarter& /*quarter*/,
              const population::Draws& /*draws*/, simulation::World& next) const override {
    advantage_.raise_quality(world, next);
  }

 private:
  telecom_market::ComputeAdvantage advantage_;
  telecom_market::CostTrend trend_;
};

}  // namespace

simulation::Model telecom() {
  return {.id = "telecom",
          .title = "Telecom and cloud: subscriptions",
          .fields = {{"market", telecom_market::ComputeAdvantage::market_fields()},
                     {"market", telecom_market::CostTrend::market_fields()}},
          .bind = [](const scenario::Scenario& scenario, const simulation::Economy& economy,
                     std::size_t /*own*/,
                     scenario::Faults& faults) -> std::shared_ptr<const simulation::Dynamics> {
            return std::make_shared<TelecomDynamics>(
                telecom_market::ComputeAdvantage(scenario, economy, "telecom", faults),
                telecom_market::CostTrend(scenario, economy, "telecom"));
          }};
}

}  // namespace entente::models
