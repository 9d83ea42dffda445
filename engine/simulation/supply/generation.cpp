#include "engine/simulation/supply/generation.hpp"

#include "engine/market/elementary.hpp"

namespace entente::simulation {

namespace {

std::size_t at(Index index) {
  return static_cast<std::size_t>(index);
}

}  // namespace

bool is_made(const Economy& economy, const Market& market, Index generation, int quarter) {
  if (market.generations.empty()) return true;
  return quarter >= economy.generations[at(market.generations[at(generation)])].start;
}

Eigen::VectorXd generation_mix(const Economy& economy, const Input& input, int quarter) {
  const Market& market = economy.markets[at(input.market)];
  const auto count = static_cast<Index>(input.adoption.size()) + 1;
  Eigen::VectorXd mix(count);
  double later = 1.0;  // of this generation or a later one
  for (Index g = 0; g < count; ++g) {
    double moved_on = 0.0;
    if (g + 1 < count && is_made(economy, market, g + 1, quarter)) {
      const Adoption& next = input.adoption[at(g)];
      const double odds = market::deterministic_exp((next.midpoint - quarter) / next.width);
      moved_on = 1.0 / (1.0 + odds);
    }
    mix[g] = later * (1.0 - moved_on);
    later *= moved_on;
  }
  return mix;
}

double mean_access(const World& world, Index l) {
  const Economy& economy = *world.economy;
  const Link& link = economy.links[at(l)];
  if (link.buyer < 0) return world.link_access(l, 0);
  const Index market = economy.products[at(link.supplier)].market;
  for (const Input& input : economy.inputs) {
    if (input.product != link.buyer || input.market != market) continue;
    const Eigen::VectorXd mix = generation_mix(economy, input, world.quarter);
    return world.link_access.row(l).head(mix.size()).dot(mix);
  }
  return 0.0;
}

}  // namespace entente::simulation
