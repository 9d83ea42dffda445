#include <algorithm>

#include "engine/simulation/contract.hpp"
#include "engine/simulation/market_demand.hpp"
#include "engine/simulation/observed_quantities.hpp"
#include "engine/simulation/ration.hpp"
#include "engine/simulation/steps.hpp"

namespace entente::simulation {

namespace {

std::size_t at(Index index) {
  return static_cast<std::size_t>(index);
}

/// Accounts spread their volume over the market's cells; agents stand for equal parts of it.
void seat_accounts(World& world, const Quarter& quarter, Index m) {
  const Market& market = world.economy->markets[at(m)];
  population::Population& population = world.populations[at(m)];
  for (std::size_t a = 0; a < market.accounts.size(); ++a) {
    population.holding[static_cast<Index>(a)] =
        quarter.account_volume[market.accounts[a]] / quarter.potential[m];
  }
  if (population.representation == population::Representation::agents) {
    population::seat_agents(population, world.economy->agents);
  }
}

void choose_products(World& world, Quarter& quarter, Index m, const population::Draws& draws) {
  const Market& market = world.economy->markets[at(m)];
  if (market.demand == DemandKind::allocation) seat_accounts(world, quarter, m);
  quarter.demand[at(m)] = build_demand(world, quarter, m, Season::now);
  const std::vector<bool> all_there(at(market.products()), false);
  quarter.purchases[at(m)] = population::choose(world.populations[at(m)], quarter.activity[at(m)],
                                                choice_probability(world, quarter, m, all_there),
                                                draws, static_cast<std::uint32_t>(world.quarter));
  quarter.orders.segment(market.first, market.products()) =
      quarter.potential[m] * quarter.purchases[at(m)].by_product();
}

/// What own capacity allows; orders beyond it spill over before inputs are ordered.
void fit_to_capacity(const World& world, Quarter& quarter, Index m,
                     const population::Draws& draws) {
  const Market& market = world.economy->markets[at(m)];
  if (market.demand == DemandKind::subscription) return;  // new lines need no capacity here
  ration(world, quarter, m, world.capacity.segment(market.first, market.products()),
         reserved_priority(world, quarter, m), draws, 1);
}

/// Orders for the inputs of one market's products, by link.
void order_inputs(const World& world, Quarter& quarter, Index m) {
  const Economy& economy = *world.economy;
  const Market& market = economy.markets[at(m)];
  const Eigen::VectorXd units = quarter.potential[m] * quarter.purchases[at(m)].by_product();
  for (const Input& input : economy.inputs) {
    if (!market.sells(input.product)) continue;
    if (economy.markets[at(input.market)].pricing != PricingKind::contract) continue;
    const double need =
        units[input.product - market.first] * input_quantity_per_unit(economy, input);
    quarter.link_orders += need * split_over_suppliers(world, quarter, input.product, input.market);
  }
}

/// Residual buyers of a contract market grow with it.
void order_residuals(const World& world, Quarter& quarter, Index m) {
  const Economy& economy = *world.economy;
  const Market& market = economy.markets[at(m)];
  for (std::size_t i = 0; i < economy.links.size(); ++i) {
    const Link& link = economy.links[i];
    if (link.buyer >= 0 || !market.sells(link.supplier)) continue;
    quarter.link_orders[static_cast<Index>(i)] =
        link.volume * market.growth.factor_until(world.quarter);
  }
  for (std::size_t i = 0; i < economy.links.size(); ++i) {
    const Link& link = economy.links[i];
    if (market.sells(link.supplier)) {
      quarter.orders[link.supplier] += quarter.link_orders[static_cast<Index>(i)];
    }
  }
}

}  // namespace

void place_orders(World& world, Quarter& quarter, const population::Draws& draws) {
  const Economy& economy = *world.economy;
  quarter.demand.assign(economy.markets.size(), {});
  quarter.purchases.assign(economy.markets.size(), {});
  quarter.orders = Eigen::VectorXd::Zero(world.price.size());
  quarter.link_orders = Eigen::VectorXd::Zero(static_cast<Index>(economy.links.size()));
  for (auto m = economy.upstream_first.rbegin(); m != economy.upstream_first.rend(); ++m) {
    if (economy.markets[at(*m)].pricing == PricingKind::contract) {
      order_residuals(world, quarter, *m);
    } else {
      choose_products(world, quarter, *m, draws);
      fit_to_capacity(world, quarter, *m, draws);
      order_inputs(world, quarter, *m);
    }
  }
}

}  // namespace entente::simulation
