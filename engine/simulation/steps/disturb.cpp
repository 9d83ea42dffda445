#include "engine/simulation/steps/disturb.hpp"

#include "engine/simulation/steps/shock.hpp"

namespace entente::simulation {

namespace {

/// A market of accounts is as large as they are.
void size_demand(const World& world, Quarter& quarter) {
  const Economy& economy = *world.economy;
  for (std::size_t m = 0; m < economy.markets.size(); ++m) {
    const Market& market = economy.markets[m];
    const auto place = static_cast<Index>(m);
    const double factor = quarter.terms.market_demand[place];
    quarter.potential[place] *= factor;
    if (market.accounts.empty()) continue;
    bool moved = factor != 1.0;
    for (const Index a : market.accounts) {
      quarter.account_volume[a] *= factor * quarter.terms.account_demand[a];
      moved = moved || quarter.terms.account_demand[a] != 1.0;
    }
    if (!moved) continue;
    quarter.potential[place] = 0.0;
    for (const Index a : market.accounts)
      quarter.potential[place] += quarter.account_volume[a];
  }
}

}  // namespace

void disturb(const World& world, Quarter& quarter) {
  quarter.resource_capacity.array() *= quarter.terms.shared_capacity.array();
  add_shocks(world, quarter);
  size_demand(world, quarter);
  quarter.capacity.array() *= quarter.terms.capacity.array();  // shocks are in it
}

}  // namespace entente::simulation
