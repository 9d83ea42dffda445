#include "models/chips/chips.hpp"

#include <memory>
#include <utility>

#include "models/chips/capital_demand.hpp"
#include "models/chips/qualification.hpp"

namespace entente::models {

namespace {

class ChipsDynamics final : public simulation::Dynamics {
 public:
  ChipsDynamics(chips_market::CapitalDemand demand, chips_market::Qualification qualification)
      : demand_(std::move(demand)), qualification_(std::move(qualification)) {}

  void initialise(simulation::World& world) const override { demand_.set_initial_stocks(world); }

  void expect(const simulation::World& world, simulation::Quarter& quarter) const override {
    demand_.expect_volumes(world, quarter);
  }

  void invest(const simulation::World& world, const simulation::Quarter& quarter,
              const population::Draws& draws, simulation::World& next) const override {
    qualification_.qualify_suppliers(world, quarter, draws, next);
  }

 private:
  chips_market::CapitalDemand demand_;
  chips_market::Qualification qualification_;
};

}  // namespace

simulation::Model chips() {
  return {.id = "chips",
          .title = "AI chips: memory, storage and accelerators",
          .fields = {{"market", chips_market::CapitalDemand::market_fields()},
                     {"account", chips_market::CapitalDemand::account_fields()},
                     {"link", chips_market::Qualification::link_fields()}},
          .bind = [](const scenario::Scenario& scenario, const simulation::Economy& economy,
                     std::size_t /*own*/,
                     scenario::Faults& faults) -> std::shared_ptr<const simulation::Dynamics> {
            return std::make_shared<ChipsDynamics>(
                chips_market::CapitalDemand(scenario, economy, "chips", faults),
                chips_market::Qualification(scenario, economy, "chips"));
          }};
}

}  // namespace entente::models
