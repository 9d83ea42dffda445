#include <fmt/format.h>

#include "engine/market/capacity.hpp"
#include "engine/market/failure.hpp"
#include "engine/simulation/contract.hpp"
#include "engine/simulation/input_cost.hpp"
#include "engine/simulation/market_demand.hpp"
#include "engine/simulation/posted_market.hpp"
#include "engine/simulation/simulate.hpp"
#include "engine/simulation/steps.hpp"

namespace entente::simulation {

namespace {

/// Posted prices under the capacity that sellers expect to have.
void post_prices(const World& world, Quarter& quarter, Index m) {
  const Market& market = world.economy->markets[static_cast<std::size_t>(m)];
  const Index first = market.first;
  const Index count = market.products();
  const PostedMarket posted = describe_posted_market(world, quarter, m);
  const market::CapacityPrices solved = market::compute_capacity_prices(
      posted.demand, posted.supply, active_buyers(world, quarter, m),
      market::make_product_capacities(posted.capacity), world.price.segment(first, count));
  quarter.price.segment(first, count) = solved.prices.price;
  quarter.shadow_price.segment(first, count) = solved.shadow_price;
  quarter.pricing_residual[m] = solved.prices.residual;
}

}  // namespace

PostedMarket describe_posted_market(const World& world, const Quarter& quarter, Index m) {
  const Market& market = world.economy->markets[static_cast<std::size_t>(m)];
  const Index first = market.first;
  const Index count = market.products();
  PostedMarket posted{
      build_demand(world, quarter, m, Season::mean), build_supply(world, quarter, m),
      world.capacity.segment(first, count).cwiseMin(world.deliverable.segment(first, count))};
  for (Index j = 0; j < count; ++j) {
    // Only sellers who set a price can answer scarcity with it; the others ration.
    const bool supplied = has_suppliers(world, quarter, first + j);
    double& price_fixed = posted.supply.price_fixed[j];
    if (supplied && price_fixed == price_fixed) {
      posted.capacity[j] = std::numeric_limits<double>::infinity();
    } else if (!supplied || posted.capacity[j] <= 0.0) {
      // Without its inputs a product is off the market this quarter; its price stands.
      posted.demand.utility.row(j) = -std::numeric_limits<double>::infinity();
      price_fixed = world.price[first + j];
      posted.capacity[j] = std::numeric_limits<double>::infinity();
    }
  }
  return posted;
}

void set_prices(const World& world, Quarter& quarter) {
  const Economy& economy = *world.economy;
  quarter.input_price = Eigen::VectorXd::Zero(static_cast<Index>(economy.inputs.size()));
  quarter.marginal_cost = Eigen::VectorXd::Zero(world.price.size());
  quarter.price = world.price;
  quarter.shadow_price = Eigen::VectorXd::Zero(world.price.size());
  quarter.link_list_price = world.link_price;
  quarter.link_price = world.link_price;
  quarter.pricing_residual = Eigen::VectorXd::Zero(static_cast<Index>(economy.markets.size()));
  for (const Index m : economy.upstream_first) {
    const Market& market = economy.markets[static_cast<std::size_t>(m)];
    compute_marginal_costs(world, quarter, m);
    try {
      if (market.pricing == PricingKind::contract) {
        price_contracts(world, quarter, m);
      } else if (!market.free) {
        post_prices(world, quarter, m);
      }
    } catch (const market::MarketFailure& failure) {
      throw SimulationFailure(fmt::format("market '{}', {}: {}", market.id,
                                          to_text(economy.start + world.quarter), failure.what()));
    }
  }
}

}  // namespace entente::simulation
