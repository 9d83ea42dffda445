#include "engine/simulation/steps/input_plan.hpp"

#include <algorithm>

#include "engine/market/elementary.hpp"
#include "engine/simulation/behaviour/expectation.hpp"

namespace entente::simulation {

namespace {

std::size_t at(Index index) {
  return static_cast<std::size_t>(index);
}

/// Planned growth from this quarter to one `ahead`.
double planned_growth(const FadingGrowth& growth, int quarter, int ahead) {
  return growth.factor_until(quarter + ahead) / growth.factor_until(quarter);
}

/// Part of the expected orders that a shared resource lets be made, [0, 1].
double expected_fill(const World& world, const Quarter& quarter, Index r, int ahead) {
  const Resource& resource = world.economy->resources[at(r)];
  const Market& market = world.economy->markets[at(resource.market)];
  double wanted = 0.0;
  for (Index j = 0; j < market.products(); ++j) {
    if (resource.use[j] > 0.0)
      wanted += resource.use[j] * expected_orders(world, market.first + j, ahead);
  }
  const double capacity =
      quarter.resource_capacity[r] * planned_growth(resource.growth, world.quarter, ahead);
  return wanted > capacity ? capacity / wanted : 1.0;
}

/// What would be sold at a price without the scarcity of own inputs, over what is: a maker who
/// rations by price orders for those who did not pay it. Constant elasticity of quarter 0.
double unmet_demand(const World& world, Index product) {
  const Product& maker = world.economy->products[at(product)];
  const Market& market = world.economy->markets[at(maker.market)];
  const double scarcity = world.scarcity[product];
  if (scarcity <= 0.0 || market.price_term != market::PriceTerm::log) return 1.0;
  return market::deterministic_exp(-market.sensitivity * market::deterministic_log(1.0 - scarcity));
}

}  // namespace

double expected_production(const World& world, const Quarter& quarter, Index product, int ahead) {
  const Economy& economy = *world.economy;
  const Product& maker = economy.products[at(product)];
  double production = expected_orders(world, product, ahead);
  for (std::size_t r = 0; r < economy.resources.size(); ++r) {
    const Resource& resource = economy.resources[r];
    if (resource.market != maker.market) continue;
    if (resource.use[product - economy.markets[at(maker.market)].first] <= 0.0) continue;
    production *= expected_fill(world, quarter, static_cast<Index>(r), ahead);
  }
  return std::min(production, quarter.capacity[product] *
                                  planned_growth(maker.capacity_growth, world.quarter, ahead));
}

double planned_order(const World& world, const Quarter& quarter, Index i) {
  const Economy& economy = *world.economy;
  const Input& input = economy.inputs[at(i)];
  const double per_unit = quarter.input_use[i] * unmet_demand(world, input.product);
  double stock = world.input_stock[i];
  for (std::size_t l = 0; l < economy.links.size(); ++l) {
    const Link& link = economy.links[l];
    if (link.buyer == input.product && economy.markets[at(input.market)].sells(link.supplier))
      stock += world.due.row(static_cast<Index>(l)).sum();
  }
  for (int ahead = 0; ahead < input.lead; ++ahead)
    stock -= per_unit * expected_production(world, quarter, input.product, ahead);
  const double use = per_unit * expected_production(world, quarter, input.product, input.lead);
  return std::max(0.0, use + input.stock_adjustment * (input.cover * use - stock));
}

Eigen::MatrixXd initial_orders_due(const World& world) {
  const Economy& economy = *world.economy;
  int longest = 1;
  for (const Input& input : economy.inputs)
    longest = std::max(longest, input.lead);
  Eigen::MatrixXd due = Eigen::MatrixXd::Zero(static_cast<Index>(economy.links.size()), longest);
  for (std::size_t l = 0; l < economy.links.size(); ++l) {
    const Link& link = economy.links[l];
    if (link.buyer < 0) continue;
    for (const Input& input : economy.inputs) {
      if (input.product != link.buyer || !economy.markets[at(input.market)].sells(link.supplier)) {
        continue;
      }
      double placed = link.volume;
      for (int ahead = 0; ahead < input.lead; ++ahead) {
        due(static_cast<Index>(l), ahead) = placed;
        placed *= 1.0 + input.due_growth;
      }
    }
  }
  return due;
}

}  // namespace entente::simulation
