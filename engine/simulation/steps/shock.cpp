#include "engine/simulation/steps/shock.hpp"

#include "engine/market/elementary.hpp"
#include "engine/simulation/state/scale.hpp"

namespace entente::simulation {

void add_shocks(const World& world, Quarter& quarter) {
  const Economy& economy = *world.economy;
  for (std::size_t s = 0; s < economy.shocks.size(); ++s) {
    const Shock& shock = economy.shocks[s];
    const double state = world.shock[static_cast<Index>(s)];
    if (state == 0.0) continue;
    const double factor = market::deterministic_exp(state);
    switch (shock.moves) {
      case Shock::Moves::utility:
        quarter.utility_shift[shock.scope.product] += state;
        break;
      case Shock::Moves::demand:
        scale_demand(economy, shock.scope, factor, quarter.terms);
        break;
      case Shock::Moves::cost:
        scale_products(economy, shock.scope, factor, quarter.own_cost_factor);
        break;
      case Shock::Moves::capacity:
        scale_products(economy, shock.scope, factor, quarter.terms.capacity);
        if (shock.scope.resource >= 0) quarter.resource_capacity[shock.scope.resource] *= factor;
        break;
    }
  }
}

void renew_shocks(const World& world, const population::Draws& draws, World& next) {
  for (std::size_t s = 0; s < world.economy->shocks.size(); ++s) {
    const Shock& shock = world.economy->shocks[s];
    const auto at = static_cast<Index>(s);
    const auto stream = population::stream_name("shock", shock.id);
    const double innovation = draws.normal(stream, static_cast<std::uint32_t>(next.quarter));
    next.shock[at] = shock.persistence * world.shock[at] + shock.deviation * innovation;
  }
}

}  // namespace entente::simulation
