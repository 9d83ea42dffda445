#include "engine/simulation/behaviour/research.hpp"

#include "engine/market/elementary.hpp"
#include "engine/simulation/markets/market_demand.hpp"

namespace entente::simulation {

namespace {

std::size_t at(Index index) {
  return static_cast<std::size_t>(index);
}

double spent_on(const Economy& economy, Index p, double revenue) {
  const Behaviour& firm = economy.behaviour_of(p);
  const Market& market = economy.markets[at(economy.products[at(p)].market)];
  if (firm.research == ResearchRule::none || market.pricing == PricingKind::contract) return 0.0;
  return firm.research_share * revenue;
}

}  // namespace

double research_spending(const World& world, const Quarter& quarter, Index product) {
  if (!on_offer(world, quarter.terms, product)) return 0.0;
  return spent_on(*world.economy, product, world.revenue[product]);
}

void start_research(const scenario::Scenario& scenario, Economy& economy, World& world) {
  world.revenue.resize(world.price.size());
  for (Index p = 0; p < world.price.size(); ++p) {
    Product& product = economy.products[at(p)];
    const Market& market = economy.markets[at(product.market)];
    const double price = (market.free ? 0.0 : product.price) + product.other_revenue;
    world.revenue[p] = price * product.quantity * market.usd_bn_per_currency_unit;
    if (scenario.find("product", product.id)->has("operating_margin"))
      product.fixed_cost -= spent_on(economy, p, world.revenue[p]);
  }
}

void innovate(const World& world, const Quarter& quarter, const population::Draws& draws,
              World& next) {
  const Economy& economy = *world.economy;
  for (Index p = 0; p < quarter.research.size(); ++p) {
    if (quarter.research[p] <= 0.0) continue;
    const Behaviour& firm = economy.behaviour_of(p);
    const double success = -market::deterministic_expm1(-firm.research_power * quarter.research[p]);
    const std::uint64_t stream = population::stream_name("research", economy.products[at(p)].id);
    if (draws.fires(success, stream, static_cast<std::uint32_t>(world.quarter)))
      next.quality[p] += firm.research_step;
  }
}

}  // namespace entente::simulation
