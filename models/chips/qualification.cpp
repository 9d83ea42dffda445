#include "models/chips/qualification.hpp"

namespace entente::models::chips_market {

using scenario::Type;
using simulation::Index;

std::vector<scenario::Field> Qualification::link_fields() {
  return {{.key = "qualification_hazard",
           .type = Type::figure,
           .unit = "per quarter",
           .meaning = "Hazard that an unqualified supplier qualifies at this buyer.",
           .default_value = "0",
           .minimum = 0,
           .maximum = 1}};
}

Qualification::Qualification(const scenario::Scenario& scenario, const simulation::Economy& economy,
                             const std::string& model) {
  for (std::size_t l = 0; l < economy.links.size(); ++l) {
    const simulation::Link& link = economy.links[l];
    const auto& supplier = economy.products[static_cast<std::size_t>(link.supplier)];
    const auto& market = economy.markets[static_cast<std::size_t>(supplier.market)];
    if (market.model != model || link.qualified) continue;
    gates_.push_back({static_cast<Index>(l),
                      scenario.find("link", link.id)->number("qualification_hazard"),
                      market.access_ramp, population::stream_name("qualification", link.id)});
  }
}

void Qualification::qualify_suppliers(const simulation::World& world,
                                      const simulation::Quarter& quarter,
                                      const population::Draws& draws,
                                      simulation::World& next) const {
  for (const Gate& gate : gates_) {
    if (world.link_access[gate.link] > 0.0) continue;
    const double hazard =
        1.0 - (1.0 - gate.hazard) * (1.0 - quarter.terms.qualification[gate.link]);
    if (draws.fires(hazard, gate.stream, static_cast<std::uint32_t>(world.quarter))) {
      next.link_access[gate.link] = 1.0 / gate.ramp;
    }
  }
}

}  // namespace entente::models::chips_market
