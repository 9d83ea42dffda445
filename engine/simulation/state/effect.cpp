#include "engine/simulation/state/effect.hpp"

#include <algorithm>
#include <array>
#include <string_view>

#include "engine/simulation/state/economy.hpp"

namespace entente::simulation {

using scenario::Field;
using scenario::Record;
using scenario::Type;

namespace {

/// What each type takes: keys it must have and keys it may have.
struct EffectKind {
  EffectType type;
  std::string_view name;
  std::string_view meaning;
  bool needs_parties;
  std::vector<std::string_view> required;
  std::vector<std::string_view> optional;
};

const std::vector<EffectKind>& effect_kinds() {
  static const std::vector<EffectKind> kinds = {
      {EffectType::cost, "cost", "marginal cost", false, {"product", "change"}, {}},
      {EffectType::quality,
       "quality",
       "willingness to pay",
       false,
       {"product", "willingness_to_pay"},
       {"decay"}},
      {EffectType::supply_terms,
       "supply_terms",
       "an input contract",
       true,
       {"supplier"},
       {"buyer", "account", "logit_shift", "discount", "price_cap"}},
      {EffectType::reserve_capacity,
       "reserve_capacity",
       "a supplier's capacity for the partner",
       true,
       {"supplier", "partner", "share"},
       {"take_or_pay"}},
      {EffectType::qualification,
       "qualification",
       "a supplier's hazard to qualify at a buyer",
       false,
       {"supplier", "buyer", "hazard"},
       {}},
      {EffectType::spillover,
       "spillover",
       "quality flows to the weaker partner",
       true,
       {"product", "partner_product", "rate"},
       {}},
      {EffectType::embed,
       "embed",
       "a complement becomes a host product's default",
       true,
       {"product", "partner_product", "points"},
       {"willingness_to_pay", "decay", "reach"}},
      {EffectType::bundle,
       "bundle",
       "a discount for holding both",
       true,
       {"product", "partner_product", "discount"},
       {"split"}},
      {EffectType::exclusive,
       "exclusive",
       "no supply to named rivals",
       true,
       {"supplier", "rivals"},
       {}},
      {EffectType::equity, "equity", "a stake", true, {"partner", "firm", "share"}, {"control"}},
      {EffectType::pool,
       "pool",
       "shared development",
       true,
       {"products", "scale"},
       {"willingness_to_pay", "change"}},
      {EffectType::launch, "launch", "a product enters", false, {"product"}, {}},
      {EffectType::capacity,
       "capacity",
       "capacity of a product, a market or a shared resource",
       false,
       {"change"},
       {"product", "market", "resource"}},
      {EffectType::demand,
       "demand",
       "what the buyers of a market, an account or a product's residual buyers would consider",
       false,
       {"change"},
       {"product", "market", "account"}},
      {EffectType::ban,
       "ban",
       "products are not sold to named accounts or makers",
       false,
       {"products"},
       {"accounts", "buyers"}},
      {EffectType::subsidy,
       "subsidy",
       "public money pays part of a price",
       false,
       {"discount"},
       {"products", "market"}},
  };
  return kinds;
}

Eigen::Index product_of(const Record& record, std::string_view key, const Economy& economy) {
  return record.has(key) ? economy.find_product(record.text(key)).value_or(-1) : -1;
}

Eigen::Index market_of(const Record& record, const Economy& economy) {
  return record.has("market") ? economy.find_market(record.text("market")).value_or(-1) : -1;
}

Eigen::Index account_of(const Record& record, const Economy& economy) {
  return record.has("account") ? economy.find_account(record.text("account")).value_or(-1) : -1;
}

Eigen::Index resource_of(const Record& record, const Economy& economy) {
  return record.has("resource") ? economy.find_resource(record.text("resource")).value_or(-1) : -1;
}

Eigen::Index firm_of(const Record& record, std::string_view key, const Economy& economy) {
  return record.has(key) ? economy.find_firm(record.text(key)).value_or(-1) : -1;
}

/// Keys that the record gives but its type does not take, and those it lacks.
void check_keys(const Record& record, const EffectKind& kind, EffectOf owner,
                scenario::Faults& faults) {
  std::string takes;
  for (const auto list : {&kind.required, &kind.optional}) {
    for (const auto key : *list)
      takes += (takes.empty() ? "" : ", ") + std::string(key);
  }
  for (const Field& field : effect_fields(owner)) {
    const bool required = std::ranges::find(kind.required, field.key) != kind.required.end();
    const bool optional = std::ranges::find(kind.optional, field.key) != kind.optional.end();
    const bool given = record.has(field.key) && !record.is_default(field.key);
    if (required && !record.has(field.key)) {
      faults.push_back(
          record.fault("type", "effect '" + std::string(kind.name) + "' needs '" + field.key + "'",
                       takes, {}, {}));
    } else if (given && !required && !optional && field.key != "type") {
      faults.push_back(record.fault(
          field.key, "effect '" + std::string(kind.name) + "' does not take '" + field.key + "'",
          takes, {}, {}));
    }
  }
}

double main_amount(const Record& record, EffectType type) {
  switch (type) {
    case EffectType::cost:
    case EffectType::capacity:
    case EffectType::demand:
      return record.number("change");
    case EffectType::quality:
      return record.number("willingness_to_pay");
    case EffectType::reserve_capacity:
    case EffectType::equity:
      return record.number("share");
    case EffectType::qualification:
      return record.number("hazard");
    case EffectType::spillover:
      return record.number("rate");
    case EffectType::embed:
      return record.number("points") / 100.0;
    case EffectType::bundle:
    case EffectType::subsidy:
      return record.number("discount");
    case EffectType::pool:
      return record.number("scale");
    default:
      return 0.0;
  }
}

bool takes(const EffectKind& kind, std::string_view key) {
  return std::ranges::find(kind.required, key) != kind.required.end() ||
         std::ranges::find(kind.optional, key) != kind.optional.end();
}

/// The keys of every type.
std::vector<Field> all_fields() {
  return {
      {.key = "product",
       .type = Type::reference,
       .meaning = "Product it acts on; for embed the complement, for spillover the one that gives, "
                  "for demand a contract product whose residual buyers are meant.",
       .refers_to = {"product"}},
      {.key = "partner_product",
       .type = Type::reference,
       .meaning = "The other product: host of "
                  "a complement, other half of a bundle, receiver of a spillover.",
       .refers_to = {"product"}},
      {.key = "products",
       .type = Type::references,
       .meaning = "Products of a pool, a ban or a subsidy.",
       .refers_to = {"product"}},
      {.key = "supplier",
       .type = Type::reference,
       .meaning = "Product whose supply it concerns.",
       .refers_to = {"product"}},
      {.key = "buyer",
       .type = Type::reference,
       .meaning = "Product that takes the supply; default "
                  "for supply_terms: every buyer.",
       .refers_to = {"product"}},
      {.key = "partner",
       .type = Type::reference,
       .meaning = "Firm that benefits; for equity the "
                  "holder.",
       .refers_to = {"firm"}},
      {.key = "firm",
       .type = Type::reference,
       .meaning = "For equity: the firm that is held.",
       .refers_to = {"firm"}},
      {.key = "rivals",
       .type = Type::references,
       .meaning = "Firms that get no supply.",
       .refers_to = {"firm"}},
      {.key = "change",
       .type = Type::figure,
       .unit = "fraction",
       .meaning = "Relative change of marginal cost, capacity or demand at full strength; −0.05 "
                  "is 5% less.",
       .minimum = -0.99,
       .maximum = 2},
      {.key = "willingness_to_pay",
       .type = Type::figure,
       .unit = "fraction of price",
       .meaning = "What buyers would pay more at quarter-0 prices. For pool: per log point of its "
                  "scale.",
       .minimum = -0.5,
       .maximum = 1},
      {.key = "scale",
       .type = Type::figure,
       .meaning = "Pooled base of users over a party's own.",
       .minimum = 1},
      {.key = "decay",
       .type = Type::figure,
       .unit = "per quarter",
       .meaning = "Part of the gain "
                  "that rivals copy each quarter.",
       .default_value = "0",
       .minimum = 0,
       .maximum = 1},
      {.key = "share",
       .type = Type::figure,
       .unit = "fraction",
       .meaning = "Share of the "
                  "supplier's capacity, or of the held firm's profit.",
       .minimum = 0,
       .maximum = 1},
      {.key = "take_or_pay",
       .type = Type::boolean,
       .meaning = "Whether reserved units are paid for "
                  "even when not called.",
       .default_value = "false"},
      {.key = "logit_shift",
       .type = Type::figure,
       .meaning = "Shift of the log odds of the buyer's "
                  "bargaining weight; above 0 favours the buyer.",
       .minimum = -5,
       .maximum = 5},
      {.key = "discount",
       .type = Type::figure,
       .unit = "fraction",
       .meaning = "Off the bargained price; for bundle off `product`'s price, for buyers who hold "
                  "both; for subsidy the part of the price that public money pays.",
       .minimum = 0,
       .maximum = 0.9},
      {.key = "price_cap",
       .type = Type::figure,
       .unit = "the market's currency",
       .meaning = "The "
                  "contract's price never exceeds it.",
       .minimum = 0,
       .exclusive_minimum = true},
      {.key = "hazard",
       .type = Type::figure,
       .unit = "per quarter",
       .meaning = "Added hazard of "
                  "qualifying.",
       .minimum = 0,
       .maximum = 1},
      {.key = "rate",
       .type = Type::figure,
       .unit = "per quarter",
       .meaning = "Part of the quality "
                  "gap closed each quarter.",
       .minimum = 0,
       .maximum = 1},
      {.key = "points",
       .type = Type::figure,
       .unit = "percentage points",
       .meaning = "Of the host's "
                  "use that the default moves to the complement at quarter-0 conditions.",
       .minimum = 0,
       .maximum = 90},
      {.key = "reach",
       .type = Type::choice,
       .meaning = "Whether the default reaches only new "
                  "devices, or those in use too.",
       .default_value = "\"new_devices\"",
       .choices = {"new_devices", "installed_base"}},
      {.key = "split",
       .type = Type::figure,
       .unit = "fraction",
       .meaning = "Part of a bundle's "
                  "discount on `product` that its own seller bears; the partner pays the rest.",
       .default_value = "1",
       .minimum = 0,
       .maximum = 1},
      {.key = "control",
       .type = Type::figure,
       .unit = "fraction",
       .meaning = "Control that comes "
                  "with the stake.",
       .default_value = "0",
       .minimum = 0,
       .maximum = 1},
      {.key = "market",
       .type = Type::reference,
       .meaning = "Market, with all its products.",
       .refers_to = {"market"}},
      {.key = "account",
       .type = Type::reference,
       .meaning = "Account whose demand, or, for supply_terms, whose contract it is.",
       .refers_to = {"account"}},
      {.key = "resource",
       .type = Type::reference,
       .meaning = "Shared resource whose capacity it is.",
       .refers_to = {"resource"}},
      {.key = "accounts",
       .type = Type::references,
       .meaning = "Accounts that can no longer buy the products.",
       .refers_to = {"account"}},
      {.key = "buyers",
       .type = Type::references,
       .meaning = "Products that can no longer be made with the products.",
       .refers_to = {"product"}},
  };
}

}  // namespace

std::vector<Field> effect_fields(EffectOf owner) {
  std::vector<std::string> names;
  std::string meanings;
  std::vector<Field> fields;
  std::vector<const EffectKind*> kinds;
  for (const EffectKind& kind : effect_kinds()) {
    if (owner == EffectOf::event && kind.needs_parties) continue;
    kinds.push_back(&kind);
    names.emplace_back(kind.name);
    meanings +=
        (meanings.empty() ? "" : "; ") + std::string(kind.name) + ": " + std::string(kind.meaning);
  }
  fields.push_back({.key = "type",
                    .type = Type::choice,
                    .meaning = meanings + ".",
                    .required = true,
                    .choices = names});
  for (Field& field : all_fields()) {
    const bool taken =
        std::ranges::any_of(kinds, [&](const EffectKind* kind) { return takes(*kind, field.key); });
    if (taken) fields.push_back(std::move(field));
  }
  return fields;
}

std::vector<Effect> read_effects(const Record& owner_record, EffectOf owner, const Economy& economy,
                                 scenario::Faults& faults) {
  std::vector<Effect> effects;
  for (const Record& record : owner_record.records("effect")) {
    const auto kind = std::ranges::find(effect_kinds(), record.text("type"), &EffectKind::name);
    const std::size_t faults_before = faults.size();
    check_keys(record, *kind, owner, faults);
    if (faults.size() > faults_before) continue;
    Effect effect;
    effect.type = kind->type;
    effect.product = product_of(record, "product", economy);
    effect.partner_product = product_of(record, "partner_product", economy);
    effect.supplier = product_of(record, "supplier", economy);
    effect.buyer = product_of(record, "buyer", economy);
    effect.partner = firm_of(record, "partner", economy);
    effect.firm = firm_of(record, "firm", economy);
    for (const auto& id : record.list("products"))
      effect.products.push_back(*economy.find_product(id));
    for (const auto& id : record.list("rivals"))
      effect.rivals.push_back(*economy.find_firm(id));
    for (const auto& id : record.list("accounts"))
      effect.accounts.push_back(*economy.find_account(id));
    for (const auto& id : record.list("buyers"))
      effect.buyers.push_back(*economy.find_product(id));
    effect.scope = {effect.product, market_of(record, economy), account_of(record, economy),
                    resource_of(record, economy)};
    effect.amount = main_amount(record, effect.type);
    effect.decay = record.number("decay");
    effect.control = record.number_or("control", 0.0);
    effect.split = record.number_or("split", 1.0);
    effect.logit_shift = record.number_or("logit_shift", 0.0);
    effect.discount =
        effect.type == EffectType::supply_terms ? record.number_or("discount", 0.0) : 0.0;
    effect.cost_change = record.number_or("change", 0.0);
    effect.price_cap = record.number_or("price_cap", effect.price_cap);
    effect.willingness_to_pay = record.number_or("willingness_to_pay", 0.0);
    effect.take_or_pay = record.has("take_or_pay") && record.flag("take_or_pay");
    effect.installed_base = record.has("reach") && record.text("reach") == "installed_base";
    effects.push_back(std::move(effect));
  }
  return effects;
}

}  // namespace entente::simulation
