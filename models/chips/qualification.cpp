#include "models/chips/qualification.hpp"

#include "engine/simulation/supply/generation.hpp"

namespace entente::models::chips_market {

using scenario::Type;
using simulation::Index;

std::vector<scenario::Field> Qualification::link_fields() {
  return {{.key = "qualification_hazard",
           .type = Type::figure,
           .unit = "per quarter",
           .meaning = "Hazard that an unqualified supplier qualifies at this buyer, for a "
                      "generation without one of its own.",
           .default_value = "0",
           .minimum = 0,
           .maximum = 1},
          {.key = "qualification",
           .type = Type::records,
           .meaning = "Hazards by generation, from the quarter in which it is first made.",
           .fields = {{.key = "generation",
                       .type = Type::reference,
                       .meaning = "Generation to qualify for.",
                       .required = true,
                       .refers_to = {"generation"}},
                      {.key = "hazard",
                       .type = Type::figure,
                       .unit = "per quarter",
                       .meaning = "Hazard that the supplier qualifies.",
                       .required = true,
                       .minimum = 0,
                       .maximum = 1}}}};
}

Qualification::Qualification(const scenario::Scenario& scenario, const simulation::Economy& economy,
                             const std::string& model) {
  for (std::size_t l = 0; l < economy.links.size(); ++l) {
    const simulation::Link& link = economy.links[l];
    const auto& supplier = economy.products[static_cast<std::size_t>(link.supplier)];
    const auto& market = economy.markets[static_cast<std::size_t>(supplier.market)];
    if (market.model != model || link.account >= 0) continue;
    const scenario::Entry& entry = *scenario.find("link", link.id);
    for (std::size_t g = 0; g < link.qualified_for.size(); ++g) {
      if (link.qualified_for[g]) continue;
      Gate gate{static_cast<Index>(l), static_cast<Index>(g),
                supplier.market,       entry.number("qualification_hazard"),
                market.access_ramp,    population::stream_name("qualification", link.id)};
      if (!market.generations.empty()) {
        const auto index = static_cast<std::size_t>(market.generations[g]);
        const std::string& generation = economy.generations[index].id;
        gate.stream = population::stream_name("qualification", link.id + "/" + generation);
        for (const scenario::Record& record : entry.records("qualification")) {
          if (record.text("generation") == generation) gate.hazard = record.number("hazard");
        }
      }
      gates_.push_back(gate);
    }
  }
}

void Qualification::qualify_suppliers(const simulation::World& world,
                                      const simulation::Quarter& quarter,
                                      const population::Draws& draws,
                                      simulation::World& next) const {
  const simulation::Economy& economy = *world.economy;
  for (const Gate& gate : gates_) {
    if (world.link_access(gate.link, gate.generation) > 0.0) continue;
    const auto& market = economy.markets[static_cast<std::size_t>(gate.market)];
    if (!simulation::is_made(economy, market, gate.generation, world.quarter)) continue;
    const double hazard =
        1.0 - (1.0 - gate.hazard) * (1.0 - quarter.terms.qualification[gate.link]);
    if (draws.fires(hazard, gate.stream, static_cast<std::uint32_t>(world.quarter))) {
      next.link_access(gate.link, gate.generation) = 1.0 / gate.ramp;
    }
  }
}

}  // namespace entente::models::chips_market
