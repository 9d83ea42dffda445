#include <algorithm>
#include <array>
#include <string_view>

#include "engine/simulation/build/build_entities.hpp"
#include "engine/simulation/build/check_effects.hpp"

namespace entente::simulation {

using scenario::Entry;
using scenario::Faults;

namespace {

/// What a kind of shock can act on.
struct ShockKind {
  std::string_view name;
  Shock::Moves moves;
  bool product;
  bool market;
  bool account;
  bool resource;
};

constexpr std::array<ShockKind, 4> shock_kinds = {{
    {"utility", Shock::Moves::utility, true, false, false, false},
    {"demand", Shock::Moves::demand, true, true, true, false},
    {"cost", Shock::Moves::cost, true, true, false, false},
    {"capacity", Shock::Moves::capacity, true, true, false, true},
}};

std::string taken_by(const ShockKind& kind) {
  std::string text;
  if (kind.product) text += "product";
  if (kind.market) text += text.empty() ? "market" : ", market";
  if (kind.account) text += text.empty() ? "account" : ", account";
  if (kind.resource) text += text.empty() ? "resource" : ", resource";
  return text;
}

Scope read_scope(const Entry& entry, const ShockKind& kind, const Economy& economy,
                 Faults& faults) {
  Scope scope;
  int given = 0;
  const auto take = [&](const char* key, bool allowed) {
    if (!entry.has(key)) return false;
    ++given;
    if (!allowed) {
      faults.push_back(entry.fault(
          key, "a shock that moves " + std::string(kind.name) + " does not take '" + key + "'",
          taken_by(kind)));
    }
    return true;
  };
  if (take("product", kind.product)) scope.product = *economy.find_product(entry.text("product"));
  if (take("market", kind.market)) scope.market = *economy.find_market(entry.text("market"));
  if (take("account", kind.account)) scope.account = *economy.find_account(entry.text("account"));
  if (take("resource", kind.resource))
    scope.resource = *economy.find_resource(entry.text("resource"));
  if (given != 1) {
    faults.push_back(entry.fault("moves", "a shock acts on one thing", "one of " + taken_by(kind)));
  }
  return scope;
}

/// A shock that cannot move anything is a slip.
void check_shock(const Entry& entry, const Shock& shock, const Economy& economy, Faults& faults) {
  const Scope& scope = shock.scope;
  if (shock.moves == Shock::Moves::capacity && scope.resource < 0 &&
      !has_capacity(economy, scope)) {
    faults.push_back(entry.fault("moves", "there is no capacity to move", "one with a capacity"));
  }
  if (scope.product < 0) return;
  const Product& product = economy.products[static_cast<std::size_t>(scope.product)];
  const bool contract =
      economy.markets[static_cast<std::size_t>(product.market)].pricing == PricingKind::contract;
  if (shock.moves == Shock::Moves::utility && contract) {
    faults.push_back(entry.fault("product", "buyers under contract choose no product by utility",
                                 "a product of another market"));
  }
  if (shock.moves == Shock::Moves::demand && !has_residual_buyer(economy, scope.product)) {
    faults.push_back(entry.fault("product", "the product has no residual buyer",
                                 "a supplier of a [[link]] without a buyer"));
  }
}

}  // namespace

void build_shocks(const scenario::Scenario& scenario, Economy& economy, Faults& faults) {
  for (const Entry& entry : scenario.all("shock")) {
    const auto kind = std::ranges::find(shock_kinds, entry.text("moves"), &ShockKind::name);
    const std::size_t faults_before = faults.size();
    Shock shock;
    shock.id = entry.id;
    shock.moves = kind->moves;
    shock.scope = read_scope(entry, *kind, economy, faults);
    shock.deviation = entry.number("deviation");
    shock.persistence = entry.number("persistence");
    if (faults.size() == faults_before) check_shock(entry, shock, economy, faults);
    economy.shocks.push_back(std::move(shock));
  }
  if (scenario.single("run").text("shocks") == "off") economy.shocks.clear();
}

}  // namespace entente::simulation
