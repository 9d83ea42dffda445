#include "engine/simulation/behaviour/presence.hpp"

#include <algorithm>
#include <cmath>

#include "engine/market/demand.hpp"
#include "engine/simulation/markets/market_demand.hpp"
#include "engine/simulation/supply/supplier_split.hpp"

namespace entente::simulation {

namespace {

std::size_t at(Index index) {
  return static_cast<std::size_t>(index);
}

/// Whether entry and exit of the product are for its seller to decide by profit: a captive product
/// makes none, and contracts are not entered here.
bool is_for_profit(const Economy& economy, Index p) {
  const Product& product = economy.products[at(p)];
  return product.pricing == ProductPricing::market &&
         economy.markets[at(product.market)].pricing != PricingKind::contract &&
         economy.markets[at(product.market)].pricing != PricingKind::bargained;
}

/// Whether every buyer of a product has another one on offer.
bool can_do_without(const World& world, const Quarter& quarter, const Market& market, Index p) {
  for (Index cell = 0; cell < market.cell_utility.cols(); ++cell) {
    bool other = false;
    for (Index q = market.first; q < market.last && !other; ++q) {
      other = q != p && on_offer(world, quarter.terms, q) &&
              std::isfinite(market.cell_utility(q - market.first, cell));
    }
    if (!other) return false;
  }
  return true;
}

/// Whether the seller could take the product off the market by its own decision.
bool may_leave(const World& world, const Quarter& quarter, Index p) {
  return world.economy->behaviour_of(p).exit == ExitRule::losses &&
         is_for_profit(*world.economy, p) && on_offer(world, quarter.terms, p) &&
         !quarter.terms.launched[at(p)];
}

/// Moves the trailing figures; returns whether the seller's patience has ended.
bool count_losses(const Behaviour& seller, double profit, double revenue, Presence& presence) {
  presence.trailing_profit = seller.exit_memory * presence.trailing_profit + profit;
  presence.trailing_revenue = seller.exit_memory * presence.trailing_revenue + revenue;
  const bool losing = presence.trailing_profit < -seller.exit_threshold * presence.trailing_revenue;
  presence.losses = losing ? presence.losses + 1 : 0;
  return presence.losses >= seller.exit_patience;
}

void leave(const World& world, const Quarter& quarter, const Market& market, World& next) {
  Index worst = -1;
  double worst_margin = 0.0;
  for (Index p = market.first; p < market.last; ++p) {
    if (!may_leave(world, quarter, p)) continue;
    Presence& presence = next.presence[at(p)];
    const bool out =
        count_losses(world.economy->behaviour_of(p), quarter.profit[p] - quarter.fixed_cost[p],
                     quarter.revenue[p], presence);
    // Without revenue the margin is −∞, which is worst.
    const double margin = presence.trailing_profit / presence.trailing_revenue;
    if (!out || (worst >= 0 && margin >= worst_margin)) continue;
    if (!can_do_without(world, quarter, market, p)) continue;
    worst = p;
    worst_margin = margin;
  }
  if (worst >= 0)
    next.presence[at(worst)] = {.stage = Presence::Stage::outside, .since = next.quarter};
}

bool may_enter(const World& world, const Quarter& quarter, Index p, int when) {
  const Product& product = world.economy->products[at(p)];
  const bool ready = product.entry_quarter == Product::never || when >= product.entry_quarter;
  return world.economy->behaviour_of(p).entry == EntryRule::profit && product.entry_share > 0.0 &&
         world.presence[at(p)].stage == Presence::Stage::outside && ready &&
         !quarter.terms.launched[at(p)] && has_suppliers(world, quarter.terms, p);
}

/// Profit of a product outside at its price, if it were on offer this quarter, USD bn.
double expected_profit(const World& world, const Quarter& quarter, Index m, Index p) {
  const Market& market = world.economy->markets[at(m)];
  const Product& product = world.economy->products[at(p)];
  Quarter with;  // the same quarter as far as demand goes by it
  with.terms = quarter.terms;
  with.terms.launched[at(p)] = true;
  with.potential = quarter.potential;
  with.cell_shift = quarter.cell_shift;
  with.activity = quarter.activity;
  with.account_volume = quarter.account_volume;
  with.utility_shift = quarter.utility_shift;
  with.demand_shift = quarter.demand_shift;
  Eigen::VectorXd prices = quarter.price.segment(market.first, market.products());
  if (market.free) prices.setOnes();
  const market::Choice choice =
      market::compute_choice(build_demand(world, with, m, Season::mean), prices);
  const double units =
      std::min(world.capacity[p], active_buyers(world, with, m) * choice.share[p - market.first]);
  const double price = market.free ? 0.0 : quarter.price[p];
  const double margin =
      price * quarter.terms.received[p] + product.other_revenue - quarter.marginal_cost[p];
  return margin * units * market.usd_bn_per_currency_unit - product.fixed_cost;
}

/// What one unit of money in each of the coming quarters is worth.
double annuity_factor(double rate, int quarters) {
  double factor = 0.0;
  double discount = 1.0;
  for (int k = 0; k < quarters; ++k) {
    discount /= 1.0 + rate;
    factor += discount;
  }
  return factor;
}

void enter(const World& world, const Quarter& quarter, Index m, World& next) {
  const Economy& economy = *world.economy;
  const Market& market = economy.markets[at(m)];
  Index best = -1;
  double best_gain = 0.0;
  for (Index p = market.first; p < market.last; ++p) {
    if (!may_enter(world, quarter, p, next.quarter)) continue;
    const double profit = expected_profit(world, quarter, m, p);
    const double gain =
        profit * annuity_factor(economy.discount_rate, economy.behaviour_of(p).entry_horizon) -
        economy.products[at(p)].entry_cost;
    if (profit <= 0.0 || gain < 0.0 || (best >= 0 && gain <= best_gain)) continue;
    best = p;
    best_gain = gain;
  }
  if (best >= 0)
    next.presence[at(best)] = {.stage = Presence::Stage::inside, .since = next.quarter};
}

}  // namespace

void start_presence(World& world) {
  const Economy& economy = *world.economy;
  world.presence.assign(economy.products.size(), {});
  for (std::size_t p = 0; p < economy.products.size(); ++p) {
    const auto index = static_cast<Index>(p);
    if (economy.products[p].entry_share > 0.0 && is_for_profit(economy, index) &&
        economy.behaviour_of(index).entry == EntryRule::profit) {
      world.presence[p].stage = Presence::Stage::outside;
    }
  }
}

double standing_cost(const World& world, Index p) {
  const Product& product = world.economy->products[at(p)];
  const Presence& presence = world.presence[at(p)];
  const bool entered = presence.stage == Presence::Stage::inside;
  if (presence.stage == Presence::Stage::outside) return 0.0;
  const int first = entered ? presence.since : product.entry_quarter;
  return product.fixed_cost + (world.quarter == first ? product.entry_cost : 0.0);
}

void decide_presence(const World& world, const Quarter& quarter, World& next) {
  const Economy& economy = *world.economy;
  for (std::size_t m = 0; m < economy.markets.size(); ++m) {
    leave(world, quarter, economy.markets[m], next);
    enter(world, quarter, static_cast<Index>(m), next);
  }
}

}  // namespace entente::simulation
