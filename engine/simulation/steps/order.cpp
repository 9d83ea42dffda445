#include <algorithm>

#include "engine/simulation/markets/consumer_choice.hpp"
#include "engine/simulation/markets/market_demand.hpp"
#include "engine/simulation/markets/shared_resource.hpp"
#include "engine/simulation/steps/account_bargain.hpp"
#include "engine/simulation/steps/input_plan.hpp"
#include "engine/simulation/steps/ration.hpp"
#include "engine/simulation/steps/steps.hpp"
#include "engine/simulation/supply/supplier_split.hpp"

namespace entente::simulation {

namespace {

std::size_t at(Index index) {
  return static_cast<std::size_t>(index);
}

/// Accounts spread their volume over the market's cells; consumers stand for equal parts of it.
void seat_accounts(World& world, const Quarter& quarter, Index m) {
  const Market& market = world.economy->markets[at(m)];
  population::Population& population = world.populations[at(m)];
  for (std::size_t a = 0; a < market.accounts.size(); ++a) {
    // Where nobody buys any split will do.
    population.holding[static_cast<Index>(a)] =
        quarter.potential[m] > 0.0
            ? quarter.account_volume[market.accounts[a]] / quarter.potential[m]
            : 1.0 / static_cast<double>(market.accounts.size());
  }
  if (population.representation == population::Representation::counts) {
    population::seat_counts(population, world.economy->agents);
  }
}

void choose(World& world, Quarter& quarter, Index m, const population::Draws& draws) {
  const Market& market = world.economy->markets[at(m)];
  if (market.demand == DemandKind::allocation) seat_accounts(world, quarter, m);
  // Individuals need no demand of cells.
  if (world.populations[at(m)].representation != population::Representation::agents)
    quarter.demand[at(m)] = build_demand(world, quarter, m, Season::now);
  if (market.pricing == PricingKind::bargained)
    add_account_prices(quarter, market, quarter.demand[at(m)]);
  quarter.purchases[at(m)] = choose_products(world, quarter, m, draws);
  quarter.orders.segment(market.first, market.products()) =
      quarter.potential[m] * quarter.purchases[at(m)].by_product();
  if (market.pricing != PricingKind::bargained) return;
  quarter.link_orders.segment(market.first_link, market.products() * market.cells.count()) =
      quarter.potential[m] *
      quarter.purchases[at(m)].flow.leftCols(market.products()).transpose().reshaped();
}

/// What own capacity allows; orders beyond it spill over before inputs are ordered.
void fit_to_capacity(World& world, Quarter& quarter, Index m, const population::Draws& draws) {
  const Market& market = world.economy->markets[at(m)];
  if (market.demand == DemandKind::subscription) return;  // new lines need no capacity here
  auto limit = quarter.production_limit.segment(market.first, market.products());
  limit = production_limit(world, quarter, m);
  ration(world, quarter, m, limit, reserved_priority(world, quarter, m), draws, 1);
}

/// Orders for the inputs of one market's products, by link: what this quarter's production takes,
/// or what is ordered ahead.
void order_inputs(const World& world, Quarter& quarter, Index m) {
  const Economy& economy = *world.economy;
  const Market& market = economy.markets[at(m)];
  const Eigen::VectorXd units = quarter.potential[m] * quarter.purchases[at(m)].by_product();
  for (std::size_t i = 0; i < economy.inputs.size(); ++i) {
    const Input& input = economy.inputs[i];
    const auto index = static_cast<Index>(i);
    if (!market.sells(input.product)) continue;
    if (economy.markets[at(input.market)].pricing != PricingKind::contract) continue;
    const Eigen::VectorXd split = split_over_suppliers(world, quarter, quarter.link_price,
                                                       input.product, input.market, input.lead);
    if (input.lead == 0) {
      quarter.link_orders += units[input.product - market.first] * quarter.input_use[index] * split;
    } else {
      quarter.link_new_orders += planned_order(world, quarter, index) * split;
    }
  }
}

/// Residual buyers of a contract market grow with it.
void order_residuals(const World& world, Quarter& quarter, Index m) {
  const Economy& economy = *world.economy;
  const Market& market = economy.markets[at(m)];
  for (std::size_t i = 0; i < economy.links.size(); ++i) {
    const Link& link = economy.links[i];
    if (!link.residual() || !market.sells(link.supplier)) continue;
    quarter.link_orders[static_cast<Index>(i)] =
        link.volume * market.growth.factor_until(world.quarter) *
        quarter.terms.residual_demand[static_cast<Index>(i)];
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
  quarter.link_orders = world.due.col(0);
  for (Index l = 0; l < quarter.link_orders.size(); ++l) {
    if (is_banned(world, quarter.terms, l)) quarter.link_orders[l] = 0.0;  // orders are void
  }
  quarter.link_new_orders = Eigen::VectorXd::Zero(static_cast<Index>(economy.links.size()));
  quarter.production_limit = quarter.capacity;
  quarter.resource_wanted = Eigen::VectorXd::Zero(static_cast<Index>(economy.resources.size()));
  for (auto m = economy.upstream_first.rbegin(); m != economy.upstream_first.rend(); ++m) {
    if (economy.markets[at(*m)].pricing == PricingKind::contract) {
      order_residuals(world, quarter, *m);
    } else {
      choose(world, quarter, *m, draws);
      fit_to_capacity(world, quarter, *m, draws);
      order_inputs(world, quarter, *m);
    }
  }
}

}  // namespace entente::simulation
