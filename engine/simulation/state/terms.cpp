#include "engine/simulation/state/terms.hpp"

#include <algorithm>
#include <cmath>

#include "engine/market/elementary.hpp"
#include "engine/simulation/state/scale.hpp"

namespace entente::simulation {

namespace {

Terms no_terms(const World& world) {
  const Economy& economy = *world.economy;
  const auto products = static_cast<Index>(economy.products.size());
  const auto links = static_cast<Index>(economy.links.size());
  Terms terms;
  terms.cost_factor = Eigen::VectorXd::Ones(products);
  terms.quality = Eigen::VectorXd::Zero(products);
  terms.discount = Eigen::VectorXd::Zero(products);
  terms.received = Eigen::VectorXd::Ones(products);
  terms.subsidy = Eigen::VectorXd::Zero(products);
  terms.capacity = Eigen::VectorXd::Ones(products);
  terms.shared_capacity = Eigen::VectorXd::Ones(static_cast<Index>(economy.resources.size()));
  terms.market_demand = Eigen::VectorXd::Ones(static_cast<Index>(economy.markets.size()));
  terms.account_demand = Eigen::VectorXd::Ones(static_cast<Index>(economy.accounts.size()));
  terms.residual_demand = Eigen::VectorXd::Ones(links);
  terms.logit_shift = Eigen::VectorXd::Zero(links);
  terms.price_factor = Eigen::VectorXd::Ones(links);
  terms.price_cap = Eigen::VectorXd::Constant(links, std::numeric_limits<double>::infinity());
  terms.qualification = Eigen::VectorXd::Zero(links);
  terms.launched.assign(economy.products.size(), false);
  terms.stakes = economy.stakes;
  return terms;
}

double remaining(double decay, int age) {
  double left = 1.0;
  for (int k = 0; k < age; ++k)
    left *= 1.0 - decay;
  return left;
}

void change_links(const Effect& effect, double strength, const Economy& economy, Terms& terms) {
  for (std::size_t l = 0; l < economy.links.size(); ++l) {
    if (!concerns(effect, economy.links[l])) continue;
    const auto at = static_cast<Index>(l);
    if (effect.type == EffectType::qualification) {
      terms.qualification[at] =
          1.0 - (1.0 - terms.qualification[at]) * (1.0 - effect.amount * strength);
    } else {
      terms.logit_shift[at] += effect.logit_shift * strength;
      terms.price_factor[at] *= 1.0 - effect.discount * strength;
      terms.price_cap[at] = std::min(terms.price_cap[at], effect.price_cap);
    }
  }
}

/// The buyers of `product` who also hold the other half of the bundle, and what the rebate costs
/// each seller. Buyers of the two markets overlap as if independent, so the mean discount is first
/// order.
void add_bundle(const Effect& effect, double strength, const World& world, Terms& terms) {
  const double holders = world.base_share[effect.partner_product];
  const double mean_discount = effect.amount * strength * holders;
  terms.discount[effect.product] += mean_discount;
  terms.received[effect.product] -= mean_discount * effect.split;
  const Economy& economy = *world.economy;
  const Product& product = economy.products[static_cast<std::size_t>(effect.product)];
  const Product& partner = economy.products[static_cast<std::size_t>(effect.partner_product)];
  const double unit =
      economy.markets[static_cast<std::size_t>(product.market)].usd_bn_per_currency_unit;
  const double partner_unit =
      economy.markets[static_cast<std::size_t>(partner.market)].usd_bn_per_currency_unit;
  const double rebate = mean_discount * (1.0 - effect.split) * world.price[effect.product] *
                        world.quantity[effect.product] * unit;
  // A free or unsold half earns nothing that a rebate could come off.
  if (rebate <= 0.0) return;
  terms.received[effect.partner_product] -=
      rebate /
      (world.price[effect.partner_product] * world.quantity[effect.partner_product] * partner_unit);
}

void add_bans(const Effect& effect, Terms& terms) {
  for (const Index product : effect.products) {
    for (const Index account : effect.accounts)
      terms.bans.push_back({.supplier = product, .account = account});
    for (const Index buyer : effect.buyers)
      terms.bans.push_back({.supplier = product, .buyer = buyer});
  }
}

/// Buyers pay less and the seller gets the whole price: public money pays the difference.
void add_subsidy(const Effect& effect, double strength, const Economy& economy, Terms& terms) {
  const auto add = [&](Index product) {
    terms.discount[product] += effect.amount * strength;
    terms.subsidy[product] += effect.amount * strength;
  };
  for (const Index product : effect.products)
    add(product);
  if (effect.scope.market < 0) return;
  const Market& market = economy.markets[static_cast<std::size_t>(effect.scope.market)];
  for (Index p = market.first; p < market.last; ++p)
    add(p);
}

/// `deal` is the partnership's place, −1 for an event.
void add_effect(const Effect& effect, double strength, const PartnershipState& state, Index deal,
                const World& world, Terms& terms) {
  const Economy& economy = *world.economy;
  switch (effect.type) {
    case EffectType::cost:
      terms.cost_factor[effect.product] *= 1.0 + effect.amount * strength;
      break;
    case EffectType::quality:
      terms.quality[effect.product] +=
          effect.amount * strength * remaining(effect.decay, state.age);
      break;
    case EffectType::supply_terms:
    case EffectType::qualification:
      change_links(effect, strength, economy, terms);
      break;
    case EffectType::reserve_capacity:
      terms.reservations.push_back(
          {economy.products[static_cast<std::size_t>(effect.supplier)].market, effect.supplier,
           effect.partner, effect.amount * strength, effect.take_or_pay, deal});
      break;
    case EffectType::spillover:
      terms.spillovers.push_back(
          {effect.product, effect.partner_product, effect.amount * strength});
      break;
    case EffectType::embed:
      terms.defaults.push_back(
          {effect.product, effect.partner_product,
           effect.amount * strength * (effect.installed_base ? 1.0 : state.penetration)});
      terms.quality[effect.partner_product] +=
          effect.willingness_to_pay * strength * remaining(effect.decay, state.age);
      break;
    case EffectType::bundle:
      add_bundle(effect, strength, world, terms);
      break;
    case EffectType::exclusive:
      for (const Index rival : effect.rivals)
        terms.bans.push_back({.supplier = effect.supplier, .rival = rival});
      break;
    case EffectType::ban:
      add_bans(effect, terms);
      break;
    case EffectType::capacity:
      scale_products(economy, effect.scope, 1.0 + effect.amount * strength, terms.capacity);
      if (effect.scope.resource >= 0)
        terms.shared_capacity[effect.scope.resource] *= 1.0 + effect.amount * strength;
      break;
    case EffectType::demand:
      scale_demand(economy, effect.scope, 1.0 + effect.amount * strength, terms);
      break;
    case EffectType::subsidy:
      add_subsidy(effect, strength, economy, terms);
      break;
    case EffectType::equity:
      terms.stakes.push_back(
          {effect.partner, effect.firm, effect.amount * strength, effect.control * strength});
      break;
    case EffectType::pool:
      for (const Index product : effect.products) {
        terms.quality[product] +=
            effect.willingness_to_pay * strength * market::deterministic_log(effect.amount);
        terms.cost_factor[product] *= 1.0 + effect.cost_change * strength;
      }
      break;
    case EffectType::launch:
      terms.launched[static_cast<std::size_t>(effect.product)] = true;
      break;
  }
}

}  // namespace

double compute_strength(const Event& event, const PartnershipState& state) {
  if (state.stage != PartnershipState::Stage::active) return 0.0;
  return std::min(1.0, (state.age + 1.0) / (event.ramp + 1.0));
}

Terms compute_terms(const World& world) {
  Terms terms = no_terms(world);
  for (std::size_t k = 0; k < world.partnerships.size(); ++k) {
    const Partnership& partnership = world.economy->partnerships[k];
    const double strength = compute_strength(partnership, world.partnerships[k]);
    if (strength <= 0.0) continue;
    for (const Effect& effect : partnership.effects) {
      add_effect(effect, strength, world.partnerships[k], static_cast<Index>(k), world, terms);
    }
  }
  for (std::size_t e = 0; e < world.events.size(); ++e) {
    const double strength = compute_strength(world.economy->events[e], world.events[e]);
    if (strength <= 0.0) continue;
    for (const Effect& effect : world.economy->events[e].effects)
      add_effect(effect, strength, world.events[e], -1, world, terms);
  }
  return terms;
}

}  // namespace entente::simulation
