#pragma once

#include <memory>
#include <stdexcept>
#include <string>
#include <vector>

#include "engine/scenario/reader.hpp"
#include "engine/simulation/model.hpp"
#include "engine/simulation/run_quarter.hpp"
#include "engine/simulation/simulate.hpp"
#include "engine/simulation/steps/steps.hpp"
#include "tests/temporary_folder.hpp"

namespace entente::test {

/// A model without mechanisms of its own: the engine alone.
class PlainDynamics final : public simulation::Dynamics {
 public:
  void initialise(simulation::World& /*world*/) const override {}
  void expect(const simulation::World& /*world*/, simulation::Quarter& /*quarter*/) const override {
  }
  void invest(const simulation::World& /*world*/, const simulation::Quarter& /*quarter*/,
              const population::Draws& /*draws*/, simulation::World& /*next*/) const override {}
};

inline std::vector<simulation::Model> plain_models() {
  return {{.id = "plain",
           .title = "Markets without mechanisms of their own",
           .fields = {},
           .bind = [](const scenario::Scenario&, const simulation::Economy&, std::size_t,
                      scenario::Faults&) -> std::shared_ptr<const simulation::Dynamics> {
             return std::make_shared<PlainDynamics>();
           }}};
}

/// Parts under contract go into widgets, which two accounts buy; gadgets are durable, plans are
/// subscriptions, guides are free and partly used on gadgets.
inline std::string small_text() {
  return R"(
title = "Small"
[run]
start = "2024Q1"
quarters = 12
replications = 1
seed = 1
[[firm]]
id = "alpha"
name = "Alpha"
[[firm]]
id = "beta"
name = "Beta"
[[firm]]
id = "gamma"
name = "Gamma"
[[firm]]
id = "delta"
name = "Delta"

[[market]]
id = "part"
name = "Parts"
model = "plain"
demand = "allocation"
pricing = "contract"
unit = "million parts"
units_per_quantity = 1e6
size = 80
[[product]]
id = "part-alpha"
market = "part"
firm = "alpha"
share = 60
price = 10
unit_cost = 4
capacity = 52
[[product]]
id = "part-beta"
market = "part"
firm = "beta"
share = 40
price = 10
unit_cost = 5
capacity = 40

[[market]]
id = "widget"
name = "Widgets"
model = "plain"
demand = "allocation"
unit = "million widgets"
units_per_quantity = 1e6
own_elasticity = -2
own_elasticity_of = "widget-gamma"
outside_share = 0.5
[[product]]
id = "widget-delta"
market = "widget"
firm = "delta"
volume = 20
price = 90
[[product]]
id = "widget-gamma"
market = "widget"
firm = "gamma"
volume = 40
price = 100
[[account]]
id = "buyer-beta"
market = "widget"
firm = "beta"
purchases = [{ product = "widget-gamma", volume = 16 }, { product = "widget-delta", volume = 4 }]
[[account]]
id = "buyer-public"
market = "widget"
[[input]]
id = "part-in-gamma"
product = "widget-gamma"
market = "part"
per_unit = 1
[[input]]
id = "part-in-delta"
product = "widget-delta"
market = "part"
per_unit = 1
[[link]]
id = "alpha-to-gamma"
supplier = "part-alpha"
buyer = "widget-gamma"
share = 75
[[link]]
id = "beta-to-gamma"
supplier = "part-beta"
buyer = "widget-gamma"
share = 25
[[link]]
id = "beta-to-delta"
supplier = "part-beta"
buyer = "widget-delta"
share = 100
[[link]]
id = "alpha-to-delta"
supplier = "part-alpha"
buyer = "widget-delta"
[[link]]
id = "alpha-to-rest"
supplier = "part-alpha"
[[link]]
id = "beta-to-rest"
supplier = "part-beta"

[[market]]
id = "gadget"
name = "Gadgets"
model = "plain"
demand = "durable"
unit = "million gadgets"
units_per_quantity = 1e6
size = 100
own_elasticity = -3
own_elasticity_of = "gadget-alpha"
outside_share = 0.5
turnover = 0.1
inertia = 1
taste_types = 2
taste_spread = 0.2
[[product]]
id = "gadget-alpha"
market = "gadget"
firm = "alpha"
share = 50
price = 10
operating_margin = 20
[[product]]
id = "gadget-beta"
market = "gadget"
firm = "beta"
share = 30
price = 8
[[product]]
id = "gadget-gamma"
market = "gadget"
firm = "gamma"
share = 20
price = 12

[[market]]
id = "plan"
name = "Plans"
model = "plain"
demand = "subscription"
unit = "million lines"
units_per_quantity = 1e6
payments_per_quarter = 3
size = 20
own_elasticity = -2
own_elasticity_of = "plan-beta"
outside_share = 0.1
turnover = 0.2
churn = 0.05
growth = 0.02
growth_fade = 0.5
[[product]]
id = "plan-beta"
market = "plan"
firm = "beta"
share = 55
base_share = 54
price = 30
[[product]]
id = "plan-delta"
market = "plan"
firm = "delta"
share = 45
base_share = 46
price = 25

[[market]]
id = "guide"
name = "Guides"
model = "plain"
demand = "allocation"
pricing = "given"
unit = "billion uses"
units_per_quantity = 1e9
size = 50
outside_share = 0
[[product]]
id = "guide-alpha"
market = "guide"
firm = "alpha"
share = 70
price = 0
[[product]]
id = "guide-delta"
market = "guide"
firm = "delta"
share = 30
price = 0
[[account]]
id = "use-elsewhere"
market = "guide"
share = 90
[[account]]
id = "use-on-gadget"
market = "guide"
host = "gadget-alpha"
share = 10
)";
}

/// Reads the small world with more TOML merged over it, and --set assignments.
inline scenario::ReadResult read_small(const std::string& more = {},
                                       const std::vector<std::string>& sets = {}) {
  const TemporaryFolder folder;
  folder.write("small.toml", small_text());
  folder.write("more.toml", "extends = \"small.toml\"\n" + more);
  return scenario::read_scenario((folder.path() / "more.toml").string(),
                                 simulation::full_schema(plain_models()), {.sets = sets});
}

inline std::string to_text(const scenario::Faults& faults) {
  std::string text;
  for (const auto& fault : faults)
    text += scenario::to_text(fault) + "\n";
  return text;
}

/// The small world at quarter 0; throws with the faults if it cannot be built.
inline simulation::World build_small(
    const std::string& more = {}, const std::vector<std::string>& sets = {},
    const std::vector<simulation::Model>& models = plain_models()) {
  const auto read = read_small(more, sets);
  if (!read.scenario) throw std::runtime_error(to_text(read.faults));
  auto built = simulation::build_world(*read.scenario, models);
  if (!built.world) throw std::runtime_error(to_text(built.faults));
  return *std::move(built.world);
}

/// Text of one partnership between alpha and beta from 2024Q2 on, for certain and for ever.
inline std::string pact_text(const std::string& effect, const std::string& more = {}) {
  return "[[partnership]]\nid = \"pact\"\nparties = [\"alpha\", \"beta\", \"gamma\", \"delta\"]\n"
         "kind = \"supply\"\nstart = \"2024Q2\"\ndissolution = 0\n" +
         more + "effect = [{ " + effect + " }]\n";
}

/// One quarter, kept with the states around it.
struct Step {
  simulation::World world;
  simulation::Quarter quarter;
  simulation::World next;
};

/// What is expected of the world's quarter, before anything happens in it.
inline simulation::Quarter expectations(const simulation::World& world) {
  simulation::Quarter quarter;
  simulation::expect_quarter(world, quarter);
  return quarter;
}

/// The first `quarters` of a replication.
inline std::vector<Step> run_quarters(simulation::World world, int quarters,
                                      std::uint32_t replication = 0) {
  const population::Draws draws{world.economy->seed, replication};
  std::vector<Step> steps;
  for (int t = 0; t < quarters; ++t) {
    Step step;
    step.world = world;
    step.next = simulation::run_quarter(world, draws, step.quarter);
    world = step.next;
    steps.push_back(std::move(step));
  }
  return steps;
}

inline Eigen::Index product(const simulation::World& world, const std::string& id) {
  return world.economy->find_product(id).value();
}

inline Eigen::Index market(const simulation::World& world, const std::string& id) {
  return world.economy->find_market(id).value();
}

inline Eigen::Index firm(const simulation::World& world, const std::string& id) {
  return world.economy->find_firm(id).value();
}

inline Eigen::Index link(const simulation::World& world, const std::string& id) {
  const auto& links = world.economy->links;
  for (std::size_t l = 0; l < links.size(); ++l) {
    if (links[l].id == id) return static_cast<Eigen::Index>(l);
  }
  throw std::out_of_range(id);
}

}  // namespace entente::test
