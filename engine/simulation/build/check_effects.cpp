#include "engine/simulation/build/check_effects.hpp"

#include <algorithm>
#include <cmath>

#include "engine/simulation/state/scale.hpp"

namespace entente::simulation {

using scenario::Faults;
using scenario::Record;

namespace {

std::size_t at(Index index) {
  return static_cast<std::size_t>(index);
}

const Market& market_of(const Economy& economy, Index product) {
  return economy.markets[at(economy.products[at(product)].market)];
}

bool is_limited(const Product& product) {
  // A given unit cost may still be explained by a capacity that binds.
  return std::isfinite(product.capacity) || product.unit_cost > 0.0;
}

void check_link(const Record& record, const Effect& effect, const Economy& economy,
                Faults& faults) {
  const bool has_link =
      std::ranges::any_of(economy.links, [&](const Link& link) { return concerns(effect, link); });
  if (!has_link) {
    faults.push_back(record.fault("supplier", "no [[link]] joins this supplier and buyer"));
  }
  if (effect.type == EffectType::supply_terms && effect.logit_shift == 0.0 &&
      effect.discount == 0.0 && !std::isfinite(effect.price_cap)) {
    faults.push_back(
        record.fault("type", "supply_terms needs one of logit_shift, discount, price_cap"));
  }
}

void check_reservation(const Record& record, const Effect& effect, const Economy& economy,
                       Faults& faults) {
  if (!is_limited(economy.products[at(effect.supplier)])) {
    faults.push_back(record.fault("supplier", "the supplier has no capacity to reserve",
                                  "a product with a capacity"));
  }
  const PricingKind pricing = market_of(economy, effect.supplier).pricing;
  if (effect.take_or_pay && pricing != PricingKind::contract && pricing != PricingKind::bargained) {
    faults.push_back(
        record.fault("take_or_pay", "only a contract can be paid for without delivery",
                     "a supplier of a market with pricing = \"contract\" or \"bargained\""));
  }
}

/// Exactly one of the keys that name what the effect acts on.
bool names_one(const Record& record, const std::vector<std::string>& keys, Faults& faults) {
  std::string all;
  int given = 0;
  for (const std::string& key : keys) {
    all += (all.empty() ? "" : ", ") + key;
    given += record.has(key) ? 1 : 0;
  }
  if (given != 1) {
    faults.push_back(record.fault("type", "effect '" + record.text("type") + "' acts on one thing",
                                  "one of " + all));
  }
  return given == 1;
}

void check_capacity(const Record& record, const Effect& effect, const Economy& economy,
                    Faults& faults) {
  if (!names_one(record, {"product", "market", "resource"}, faults)) return;
  if (effect.scope.resource >= 0 || has_capacity(economy, effect.scope)) return;
  faults.push_back(record.fault(effect.scope.product >= 0 ? "product" : "market",
                                "there is no capacity to change", "one with a capacity"));
}

void check_demand(const Record& record, const Effect& effect, const Economy& economy,
                  Faults& faults) {
  if (!names_one(record, {"product", "market", "account"}, faults)) return;
  if (effect.scope.product >= 0 && !has_residual_buyer(economy, effect.scope.product)) {
    faults.push_back(record.fault("product", "the product has no residual buyer",
                                  "a supplier of a [[link]] without a buyer"));
  }
}

/// A ban on what is not traded is most likely a slip.
void check_ban(const Record& record, const Effect& effect, const Economy& economy, Faults& faults) {
  if (effect.accounts.empty() && effect.buyers.empty()) {
    faults.push_back(record.fault("type", "a ban needs accounts or buyers"));
  }
  const auto bans = [&](const auto& trades) {
    return std::ranges::any_of(effect.products, trades);
  };
  for (const Index account : effect.accounts) {
    const Index market = economy.accounts[at(account)].market;
    if (bans([&](Index product) { return economy.products[at(product)].market == market; })) {
      continue;
    }
    faults.push_back(record.fault("accounts",
                                  "the account buys in a market of none of the products",
                                  "accounts of their markets", economy.accounts[at(account)].id));
  }
  for (const Index buyer : effect.buyers) {
    const bool linked = std::ranges::any_of(economy.links, [&](const Link& link) {
      return link.buyer == buyer && bans([&](Index product) { return product == link.supplier; });
    });
    if (linked) continue;
    faults.push_back(record.fault("buyers", "no [[link]] joins the buyer and any of the products",
                                  "products with a link to them", economy.products[at(buyer)].id));
  }
}

/// Only final buyers: what a maker pays for its inputs is a bargain or a list price.
void check_subsidy(const Record& record, const Effect& effect, const Economy& economy,
                   Faults& faults) {
  if (!names_one(record, {"products", "market"}, faults)) return;
  const auto check = [&](const char* key, const Market& market) {
    if (market.final && !market.free && market.pricing == PricingKind::posted) return;
    faults.push_back(record.fault(key, "only posted prices of final buyers can be subsidised",
                                  "a market of posted prices that sells no inputs", market.id));
  };
  if (effect.scope.market >= 0) check("market", economy.markets[at(effect.scope.market)]);
  for (const Index product : effect.products)
    check("products", market_of(economy, product));
}

void check_effect(const Record& record, const Effect& effect, const Economy& economy,
                  Faults& faults) {
  switch (effect.type) {
    case EffectType::supply_terms:
    case EffectType::qualification:
      check_link(record, effect, economy, faults);
      break;
    case EffectType::launch:
      if (economy.products[at(effect.product)].entry_share <= 0.0) {
        faults.push_back(
            record.fault("product", "a product that is launched needs an entry_share"));
      }
      break;
    case EffectType::reserve_capacity:
      check_reservation(record, effect, economy, faults);
      break;
    case EffectType::capacity:
      check_capacity(record, effect, economy, faults);
      break;
    case EffectType::demand:
      check_demand(record, effect, economy, faults);
      break;
    case EffectType::ban:
      check_ban(record, effect, economy, faults);
      break;
    case EffectType::subsidy:
      check_subsidy(record, effect, economy, faults);
      break;
    default:
      break;
  }
}

}  // namespace

void check_effects(const scenario::Entry& entry, const Economy& economy, const Event& event,
                   Faults& faults) {
  const auto& records = entry.records("effect");
  for (std::size_t e = 0; e < event.effects.size() && e < records.size(); ++e)
    check_effect(records[e], event.effects[e], economy, faults);
}

namespace {

constexpr const char* no_capacity =
    "the product has no capacity of its own, so nothing would change";

bool is_unlimited(const Economy& economy, Index product) {
  return product >= 0 && !std::isfinite(economy.products[at(product)].capacity);
}

/// What quarter 0 left without a capacity, although its unit cost might have implied one.
void check_calibrated(const scenario::Entry& entry, const Event& event, const Economy& economy,
                      Faults& faults) {
  const auto& records = entry.records("effect");
  for (std::size_t e = 0; e < event.effects.size() && e < records.size(); ++e) {
    const Effect& effect = event.effects[e];
    const bool changes = effect.type == EffectType::capacity;
    if (!changes && effect.type != EffectType::reserve_capacity) continue;
    const Index product = changes ? effect.scope.product : effect.supplier;
    if (!is_unlimited(economy, product)) continue;
    faults.push_back(records[e].fault(
        changes ? "product" : "supplier", no_capacity,
        changes ? "one with a capacity, or the [[resource]] it takes" : "one with a capacity",
        economy.products[at(product)].id));
  }
}

}  // namespace

void check_capacities(const scenario::Scenario& scenario, const Economy& economy, Faults& faults) {
  for (const Partnership& partnership : economy.partnerships) {
    check_calibrated(*scenario.find("partnership", partnership.id), partnership, economy, faults);
  }
  for (const Event& event : economy.events)
    check_calibrated(*scenario.find("event", event.id), event, economy, faults);
  for (const Shock& shock : economy.shocks) {
    if (shock.moves != Shock::Moves::capacity || !is_unlimited(economy, shock.scope.product))
      continue;
    faults.push_back(scenario.find("shock", shock.id)
                         ->fault("product", no_capacity, "one with a capacity, or a resource",
                                 economy.products[at(shock.scope.product)].id));
  }
}

bool has_capacity(const Economy& economy, const Scope& scope) {
  if (scope.product >= 0) return is_limited(economy.products[at(scope.product)]);
  const Market& market = economy.markets[at(scope.market)];
  for (Index p = market.first; p < market.last; ++p) {
    if (is_limited(economy.products[at(p)])) return true;
  }
  return false;
}

bool has_residual_buyer(const Economy& economy, Index product) {
  return std::ranges::any_of(
      economy.links, [&](const Link& link) { return link.supplier == product && link.residual(); });
}

}  // namespace entente::simulation
