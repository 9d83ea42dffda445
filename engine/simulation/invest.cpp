#include <algorithm>
#include <cmath>
#include <limits>

#include "engine/market/elementary.hpp"
#include "engine/simulation/observed_quantities.hpp"
#include "engine/simulation/steps.hpp"

namespace entente::simulation {

namespace {

std::size_t at(Index index) {
  return static_cast<std::size_t>(index);
}

/// Planned growth of capacity, more where orders exceed it.
void expand_capacity(const World& world, const Quarter& quarter, World& next) {
  for (Index p = 0; p < world.capacity.size(); ++p) {
    const Product& product = world.economy->products[at(p)];
    double& capacity = next.capacity[p];
    if (!(capacity < std::numeric_limits<double>::infinity())) continue;
    const double pressure =
        quarter.orders[p] > capacity
            ? product.capacity_response * market::deterministic_log(quarter.orders[p] / capacity)
            : 0.0;
    capacity *= (1.0 + product.capacity_growth.rate_at(world.quarter)) *
                market::deterministic_exp(pressure);
  }
}

/// Sellers expect inputs that came short to come in proportion to their suppliers' next capacity.
void expect_inputs(const World& world, const Quarter& quarter, World& next) {
  const Economy& economy = *world.economy;
  next.deliverable.setConstant(std::numeric_limits<double>::infinity());
  for (const Input& input : economy.inputs) {
    const Market& market = economy.markets[at(input.market)];
    if (market.pricing != PricingKind::contract) continue;
    double ordered = 0.0;
    double delivered = 0.0;
    double expected = 0.0;
    for (std::size_t i = 0; i < economy.links.size(); ++i) {
      const Link& link = economy.links[i];
      const auto l = static_cast<Index>(i);
      if (link.buyer != input.product || !market.sells(link.supplier)) continue;
      ordered += quarter.link_orders[l];
      delivered += quarter.link_volume[l];
      expected +=
          quarter.link_volume[l] * next.capacity[link.supplier] / world.capacity[link.supplier];
    }
    if (delivered < ordered * (1.0 - 1e-12)) {
      next.deliverable[input.product] = std::min(
          next.deliverable[input.product], expected / input_quantity_per_unit(economy, input));
    }
  }
}

void move_quality(const World& world, const Quarter& quarter, World& next) {
  for (Index p = 0; p < world.quality.size(); ++p) {
    next.quality[p] += world.economy->products[at(p)].quality_drift.rate_at(world.quarter);
  }
  for (const Terms::Spillover& spillover : quarter.terms.spillovers) {
    const double gap = world.quality[spillover.from] - world.quality[spillover.to];
    next.quality[spillover.to] += spillover.rate * std::max(0.0, gap);
  }
}

void ramp_access(const World& world, World& next) {
  for (std::size_t i = 0; i < world.economy->links.size(); ++i) {
    const Link& link = world.economy->links[i];
    const auto l = static_cast<Index>(i);
    if (world.link_access[l] <= 0.0 || world.link_access[l] >= 1.0) continue;
    const Market& market =
        world.economy->markets[at(world.economy->products[at(link.supplier)].market)];
    next.link_access[l] = std::min(1.0, world.link_access[l] + 1.0 / market.access_ramp);
  }
}

/// Defaults reach a host's users as they buy it anew.
void spread_defaults(const World& world, const Quarter& quarter, World& next) {
  const Economy& economy = *world.economy;
  for (std::size_t k = 0; k < economy.partnerships.size(); ++k) {
    for (const Effect& effect : economy.partnerships[k].effects) {
      if (effect.type != EffectType::embed) continue;
      if (compute_strength(economy.partnerships[k], world.partnerships[k]) <= 0.0) continue;
      const Index m = economy.products[at(effect.partner_product)].market;
      const double users = quarter.potential[m] * next.base_share[effect.partner_product];
      const double renewed =
          users > 0.0 ? std::min(1.0, quarter.new_quantity[effect.partner_product] / users) : 0.0;
      double& penetration = next.partnerships[k].penetration;
      penetration =
          world.partnerships[k].penetration + renewed * (1.0 - world.partnerships[k].penetration);
    }
  }
}

/// Where each product stands with its users: share of holders, or of this quarter's use.
void update_base(const World& world, const Quarter& quarter, World& next) {
  const Economy& economy = *world.economy;
  for (std::size_t m = 0; m < economy.markets.size(); ++m) {
    const Market& market = economy.markets[m];
    const population::Population& population = next.populations[m];
    double total = 0.0;
    for (Index p = market.first; p < market.last; ++p) {
      double base = quarter.quantity[p];
      if (market.cells.by_product_held) {
        base = 0.0;
        for (Index type = 0; type < market.cells.types; ++type) {
          base += population.holding[market.cells.of(type, p - market.first)];
        }
      }
      next.base_share[p] = base;
      total += base;
    }
    for (Index p = market.first; p < market.last && total > 0.0; ++p)
      next.base_share[p] /= total;
  }
  for (Index p = 0; p < next.signed_price.size(); ++p) {
    const double kept = quarter.quantity[p] - quarter.new_quantity[p];
    if (quarter.quantity[p] > 0.0) {
      next.signed_price[p] =
          (kept * world.signed_price[p] + quarter.new_quantity[p] * quarter.price[p]) /
          quarter.quantity[p];
    }
  }
}

void renew_stocks(const World& world, const Quarter& quarter, World& next) {
  const Economy& economy = *world.economy;
  for (std::size_t a = 0; a < economy.accounts.size(); ++a) {
    const auto account = static_cast<Index>(a);
    const double life = economy.markets[at(economy.accounts[a].market)].life;
    next.account_stock[account] =
        world.account_stock[account] * (1.0 - 1.0 / life) + quarter.account_delivered[account];
  }
}

}  // namespace

void invest(const World& world, const Quarter& quarter, World& next) {
  const Economy& economy = *world.economy;
  next.price = quarter.price;
  next.quantity = quarter.quantity;
  next.orders = quarter.orders;
  next.link_price = quarter.link_list_price;
  next.link_volume = quarter.link_volume;
  for (std::size_t m = 0; m < economy.markets.size(); ++m) {
    const Market& market = economy.markets[m];
    population::settle(next.populations[m], quarter.activity[m], quarter.purchases[m],
                       market.demand == DemandKind::durable
                           ? population::WithoutPurchase::keeps
                           : population::WithoutPurchase::gives_up);
  }
  expand_capacity(world, quarter, next);
  expect_inputs(world, quarter, next);
  move_quality(world, quarter, next);
  ramp_access(world, next);
  update_base(world, quarter, next);
  spread_defaults(world, quarter, next);
  renew_stocks(world, quarter, next);
}

}  // namespace entente::simulation
