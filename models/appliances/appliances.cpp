#include "models/appliances/appliances.hpp"

#include <memory>
#include <utility>

#include "models/appliances/assistant_quality.hpp"
#include "models/appliances/season.hpp"

namespace entente::models {

namespace {

class AppliancesDynamics final : public simulation::Dynamics {
 public:
  AppliancesDynamics(appliances_market::Season season, appliances_market::AssistantQuality quality)
      : season_(std::move(season)), quality_(std::move(quality)) {}

  void initialise(simulation::World& world) const override { quality_.remember_start(world); }

  void expect(const simulation::World& world, simulation::Quarter& quarter) const override {
    season_.set_season(world, quarter);
  }

  void invest(const simulation::World& world, const simulation::Quarter& /*quarter*/,
              const population::Draws& /*draws*/, simulation::World& next) const override {
    quality_.improve(world, next);
  }

  std::vector<simulation::Diagnostic> diagnose() const override { return quality_.diagnose(); }

 private:
  appliances_market::Season season_;
  appliances_market::AssistantQuality quality_;
};

}  // namespace

simulation::Model appliances() {
  return {.id = "appliances",
          .title = "Home appliances, smartphones and AI assistants",
          .fields = {{"market", appliances_market::Season::market_fields()},
                     {"product", appliances_market::Season::product_fields()},
                     {"market", appliances_market::AssistantQuality::market_fields()},
                     {"product", appliances_market::AssistantQuality::product_fields()}},
          .bind = [](const scenario::Scenario& scenario, const simulation::Economy& economy,
                     std::size_t own,
                     scenario::Faults& faults) -> std::shared_ptr<const simulation::Dynamics> {
            return std::make_shared<AppliancesDynamics>(
                appliances_market::Season(scenario, economy, "appliances", faults),
                appliances_market::AssistantQuality(scenario, economy, "appliances", own, faults));
          }};
}

}  // namespace entente::models
