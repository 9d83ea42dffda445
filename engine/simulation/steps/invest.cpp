#include <algorithm>
#include <limits>

#include "engine/market/elementary.hpp"
#include "engine/simulation/behaviour/capacity_rule.hpp"
#include "engine/simulation/behaviour/expectation.hpp"
#include "engine/simulation/behaviour/presence.hpp"
#include "engine/simulation/behaviour/pricing_rule.hpp"
#include "engine/simulation/behaviour/research.hpp"
#include "engine/simulation/steps/steps.hpp"

namespace entente::simulation {

namespace {

std::size_t at(Index index) {
  return static_cast<std::size_t>(index);
}

/// Shared resources on their planned path, more where orders exceed them.
void expand_resources(const World& world, const Quarter& quarter, World& next) {
  for (Index r = 0; r < world.resource_capacity.size(); ++r) {
    const Resource& resource = world.economy->resources[at(r)];
    const double wanted = quarter.resource_wanted[r] / world.resource_capacity[r];
    // Where prices clear the market it is the shadow price that says what is wanted.
    double pressure = wanted > 1.0 ? market::deterministic_log(wanted) : 0.0;
    // What an event takes comes back: nobody builds for it.
    const bool lasting = quarter.terms.shared_capacity[r] == 1.0;
    if (lasting && resource.initial_price > 0.0 &&
        quarter.resource_price[r] > resource.initial_price)
      pressure += market::deterministic_log(quarter.resource_price[r] / resource.initial_price);
    pressure *= resource.response;
    next.resource_capacity[r] = world.resource_capacity[r] *
                                (1.0 + resource.growth.rate_at(world.quarter)) *
                                market::deterministic_exp(pressure);
  }
}

/// Orders placed come a quarter nearer; new ones are due after their input's lead.
void forward_orders(const World& world, const Quarter& quarter, World& next) {
  const Economy& economy = *world.economy;
  const Index columns = world.due.cols();
  next.due.leftCols(columns - 1) = world.due.rightCols(columns - 1);
  next.due.col(columns - 1).setZero();
  for (const Input& input : economy.inputs) {
    if (input.lead == 0) continue;
    for (std::size_t i = 0; i < economy.links.size(); ++i) {
      const Link& link = economy.links[i];
      if (link.buyer != input.product || !economy.markets[at(input.market)].sells(link.supplier))
        continue;
      const auto l = static_cast<Index>(i);
      next.due(l, input.lead - 1) += quarter.link_new_orders[l];
    }
  }
  for (Index p = 0; p < next.scarcity.size(); ++p) {
    const Product& product = economy.products[at(p)];
    const Market& market = economy.markets[at(product.market)];
    double own = quarter.shadow_price[p];
    for (std::size_t r = 0; r < economy.resources.size(); ++r) {
      if (economy.resources[r].market != product.market) continue;
      own -= economy.resources[r].use[p - market.first] *
             quarter.resource_price[static_cast<Index>(r)];
    }
    next.scarcity[p] = quarter.price[p] > 0.0 ? std::max(0.0, own / quarter.price[p]) : 0.0;
  }
  next.input_stock = quarter.input_stock;
  next.input_stock_value = quarter.input_stock_value;
}

/// Sellers expect inputs that came short to come in proportion to their suppliers' next capacity.
/// What is bought ahead they know: the stock, and what is due as far as its suppliers can deliver.
void expect_inputs(const World& world, const Quarter& quarter, World& next) {
  const Economy& economy = *world.economy;
  next.deliverable.setConstant(std::numeric_limits<double>::infinity());
  Eigen::VectorXd due = Eigen::VectorXd::Zero(world.price.size());  // by supplier
  for (std::size_t l = 0; l < economy.links.size(); ++l) {
    const Link& link = economy.links[l];
    due[link.supplier] += link.buyer < 0 ? quarter.link_orders[static_cast<Index>(l)]
                                         : next.due(static_cast<Index>(l), 0);
  }
  for (std::size_t index = 0; index < economy.inputs.size(); ++index) {
    const Input& input = economy.inputs[index];
    const Market& market = economy.markets[at(input.market)];
    if (market.pricing != PricingKind::contract) continue;
    double& deliverable = next.deliverable[input.product];
    const double per_unit = quarter.input_use[static_cast<Index>(index)];
    double coming = next.input_stock[static_cast<Index>(index)];
    double ordered = 0.0;
    double delivered = 0.0;
    double expected = 0.0;
    for (std::size_t i = 0; i < economy.links.size(); ++i) {
      const Link& link = economy.links[i];
      const auto l = static_cast<Index>(i);
      if (link.buyer != input.product || !market.sells(link.supplier)) continue;
      coming += next.due(l, 0) * std::min(1.0, next.capacity[link.supplier] / due[link.supplier]);
      ordered += quarter.link_orders[l];
      delivered += quarter.link_volume[l];
      expected +=
          quarter.link_volume[l] * next.capacity[link.supplier] / quarter.capacity[link.supplier];
    }
    if (input.lead > 0) {
      deliverable = std::min(deliverable, coming / per_unit);
    } else if (delivered < ordered * (1.0 - 1e-12)) {
      deliverable = std::min(deliverable, expected / per_unit);
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
    const Market& market =
        world.economy->markets[at(world.economy->products[at(link.supplier)].market)];
    for (Index g = 0; g < world.link_access.cols(); ++g) {
      const double access = world.link_access(l, g);
      if (access <= 0.0 || access >= 1.0) continue;
      next.link_access(l, g) = std::min(1.0, access + 1.0 / market.access_ramp);
    }
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
    if (market.cells.by_product_held) next.holders[static_cast<Index>(m)] = total;
    // A quarter without use leaves the shares of the last one that had some.
    for (Index p = market.first; p < market.last; ++p)
      next.base_share[p] = total > 0.0 ? next.base_share[p] / total : world.base_share[p];
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

void invest(const World& world, Quarter& quarter, const population::Draws& draws, World& next) {
  const Economy& economy = *world.economy;
  next.price = quarter.price;
  next.quantity = quarter.quantity;
  next.orders = quarter.orders;
  next.revenue = quarter.revenue;
  next.link_price = quarter.link_list_price;
  next.link_volume = quarter.link_volume;
  for (std::size_t m = 0; m < economy.markets.size(); ++m) {
    const Market& market = economy.markets[m];
    population::settle(next.populations[m], quarter.activity[m], quarter.purchases[m],
                       market.demand == DemandKind::durable
                           ? population::WithoutPurchase::keeps
                           : population::WithoutPurchase::gives_up);
  }
  learn_from_orders(world, quarter, next);
  expand_capacity(world, quarter, next);
  expand_resources(world, quarter, next);
  forward_orders(world, quarter, next);
  expect_inputs(world, quarter, next);
  move_quality(world, quarter, next);
  innovate(world, quarter, draws, next);
  revise_markups(world, quarter, next);
  remember_choices(world, quarter, next);
  ramp_access(world, next);
  update_base(world, quarter, next);
  spread_defaults(world, quarter, next);
  renew_stocks(world, quarter, next);
  decide_presence(world, quarter, next);
}

}  // namespace entente::simulation
