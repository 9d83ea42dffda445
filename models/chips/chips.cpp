#include "models/chips/chips.hpp"

#include <memory>

#include "models/chips/capital_demand.hpp"
#include "models/chips/learning.hpp"
#include "models/chips/lock_in.hpp"
#include "models/chips/qualification.hpp"

namespace entente::models {

namespace {

class ChipsDynamics final : public simulation::Dynamics {
 public:
  ChipsDynamics(const scenario::Scenario& scenario, const simulation::Economy& economy,
                std::size_t own, scenario::Faults& faults)
      : own_(own),
        demand_(scenario, economy, "chips", faults),
        qualification_(scenario, economy, "chips"),
        learning_(scenario, economy, "chips", own, 0),
        lock_in_(scenario, economy, "chips", own, learning_.state_size()) {}

  void initialise(simulation::World& world) const override {
    world.model_state[own_] = Eigen::VectorXd::Zero(learning_.state_size() + lock_in_.state_size());
    demand_.set_initial_stocks(world);
    learning_.remember_start(world);
    lock_in_.remember_start(world);
  }

  void expect(const simulation::World& world, simulation::Quarter& quarter) const override {
    demand_.expect_volumes(world, quarter);
    learning_.lower_costs(world, quarter);
    lock_in_.favour_what_is_used(world, quarter);
  }

  void invest(const simulation::World& world, const simulation::Quarter& quarter,
              const population::Draws& draws, simulation::World& next) const override {
    qualification_.qualify_suppliers(world, quarter, draws, next);
    learning_.learn(world, quarter, next);
    lock_in_.renew_stocks(world, quarter, next);
  }

  const chips_market::Learning& learning() const { return learning_; }

 private:
  std::size_t own_;
  chips_market::CapitalDemand demand_;
  chips_market::Qualification qualification_;
  chips_market::Learning learning_;
  chips_market::LockIn lock_in_;
};

double learned_cost(const simulation::Dynamics& own, const simulation::Moment& moment,
                    simulation::Index product) {
  return static_cast<const ChipsDynamics&>(own).learning().cost_index(moment.world, product);
}

}  // namespace

simulation::Model chips() {
  return {.id = "chips",
          .title = "AI chips: memory, storage and accelerators",
          .fields = {{"market", chips_market::CapitalDemand::market_fields()},
                     {"market", chips_market::Learning::market_fields()},
                     {"market", chips_market::LockIn::market_fields()},
                     {"account", chips_market::CapitalDemand::account_fields()},
                     {"link", chips_market::Qualification::link_fields()}},
          .series = {{"products",
                      {"learned_cost_percent", "quarter 0 = 100",
                       "Marginal cost beside inputs that learning by doing left (chips); empty: "
                       "nobody learns."},
                      learned_cost}},
          .bind = [](const scenario::Scenario& scenario, const simulation::Economy& economy,
                     std::size_t own,
                     scenario::Faults& faults) -> std::shared_ptr<const simulation::Dynamics> {
            return std::make_shared<ChipsDynamics>(scenario, economy, own, faults);
          }};
}

}  // namespace entente::models
