#include <algorithm>
#include <fmt/format.h>
#include <map>
#include <set>

#include "engine/simulation/build/build_entities.hpp"
#include "engine/simulation/build/check_effects.hpp"

namespace entente::simulation {

using scenario::Entry;
using scenario::Faults;

namespace {

/// Priors of the field by kind, per quarter; a small sample, to be swept.
double default_dissolution(const std::string& kind) {
  static const std::map<std::string, double> hazards = {
      {"equity", 0.01},       {"supply", 0.015},  {"integration", 0.02},
      {"distribution", 0.02}, {"alliance", 0.06}, {"joint-development", 0.10}};
  return hazards.at(kind);
}

void check_parties(const Entry& entry, const Economy& economy, const Partnership& partnership,
                   Faults& faults) {
  if (partnership.parties.size() < 2) {
    faults.push_back(entry.fault("parties",
                                 "a partnership needs two firms or more; a firm has none "
                                 "with itself"));
  }
  const auto is_party = [&](Index firm) {
    return firm < 0 || std::ranges::find(partnership.parties, firm) != partnership.parties.end();
  };
  const auto& records = entry.records("effect");
  for (std::size_t e = 0; e < partnership.effects.size() && e < records.size(); ++e) {
    const Effect& effect = partnership.effects[e];
    if (!is_party(effect.partner)) {
      faults.push_back(records[e].fault("partner", "the firm is not a party of the partnership"));
    }
    if (effect.type == EffectType::equity && !is_party(effect.firm)) {
      faults.push_back(records[e].fault("firm", "the firm is not a party of the partnership"));
    }
    if (effect.supplier >= 0 &&
        !is_party(economy.products[static_cast<std::size_t>(effect.supplier)].firm)) {
      faults.push_back(records[e].fault("supplier",
                                        "the supplier's firm is not a party of the "
                                        "partnership"));
    }
  }
}

using Exclusions = std::set<std::pair<Index, Index>>;  // supplier's product, firm it may not serve

Exclusions collect_exclusions(const Economy& economy) {
  Exclusions excluded;
  for (const Partnership& partnership : economy.partnerships) {
    for (const Effect& effect : partnership.effects) {
      if (effect.type != EffectType::exclusive) continue;
      for (const Index rival : effect.rivals)
        excluded.insert({effect.supplier, rival});
    }
  }
  return excluded;
}

void check_exclusion(const scenario::Record& record, const Effect& effect,
                     const Partnership& partnership, const Economy& economy,
                     const Exclusions& excluded, Faults& faults) {
  const auto contradicts = [&](Index firm) { return excluded.contains({effect.supplier, firm}); };
  const std::string message = "contradicts an exclusive deal: the supplier may not serve this firm";
  if (effect.type == EffectType::reserve_capacity && contradicts(effect.partner)) {
    faults.push_back(record.fault("partner", message));
  }
  if (effect.buyer >= 0 &&
      contradicts(economy.products[static_cast<std::size_t>(effect.buyer)].firm)) {
    faults.push_back(record.fault("buyer", message));
  }
  if (effect.type != EffectType::exclusive) return;
  for (const Index party : partnership.parties) {
    if (std::ranges::find(effect.rivals, party) != effect.rivals.end()) {
      faults.push_back(record.fault("rivals", "a party cannot be its own rival"));
    }
  }
}

/// `held` sums the stakes in each firm, those of the scenario and of deals read so far.
void check_equity(const scenario::Record& record, const Effect& effect,
                  std::map<Index, double>& held, Faults& faults) {
  held[effect.firm] += effect.amount;
  if (held[effect.firm] > 1.0 + 1e-12) {
    faults.push_back(record.fault("share", "stakes in one firm exceed the whole"));
  }
  if (effect.partner == effect.firm) {
    faults.push_back(record.fault("firm", "a firm cannot hold a stake in itself"));
  }
}

/// Deals that cannot both be kept: exclusivity against a supply to the excluded firm, and reserved
/// shares of one supplier or stakes in one firm beyond the whole.
void check_contradictions(const scenario::Scenario& scenario, const Economy& economy,
                          Faults& faults) {
  const Exclusions excluded = collect_exclusions(economy);
  std::map<Index, double> reserved;
  std::set<std::pair<Index, Index>> served;  // supplier's product, partner
  std::map<Index, double> held;
  for (const Stake& stake : economy.stakes)
    held[stake.firm] += stake.share;
  for (const Partnership& partnership : economy.partnerships) {
    const auto& records = scenario.find("partnership", partnership.id)->records("effect");
    for (std::size_t e = 0; e < partnership.effects.size() && e < records.size(); ++e) {
      const Effect& effect = partnership.effects[e];
      check_exclusion(records[e], effect, partnership, economy, excluded, faults);
      if (effect.type == EffectType::equity) check_equity(records[e], effect, held, faults);
      if (effect.type != EffectType::reserve_capacity) continue;
      if (!served.insert({effect.supplier, effect.partner}).second) {
        faults.push_back(records[e].fault("partner",
                                          "the firm has another reservation at this supplier",
                                          "one reservation for each supplier and partner"));
      }
      reserved[effect.supplier] += effect.amount;
      if (reserved[effect.supplier] > 1.0 + 1e-12) {
        faults.push_back(records[e].fault("share",
                                          "reserved shares of one supplier exceed its capacity",
                                          "shares that sum to at most 1"));
      }
    }
  }
}

}  // namespace

void build_partnerships(const scenario::Scenario& scenario, Economy& economy, Faults& faults) {
  for (const Entry& entry : scenario.all("partnership")) {
    Partnership partnership;
    partnership.id = entry.id;
    partnership.kind = entry.text("kind");
    for (const auto& id : entry.list("parties")) {
      partnership.parties.push_back(*economy.find_firm(id));
    }
    read_dates(entry, "a partnership", economy, partnership, faults);
    partnership.probability = entry.number("probability");
    partnership.ramp = static_cast<int>(entry.integer("ramp"));
    const std::size_t faults_before = faults.size();
    partnership.effects = read_effects(entry, EffectOf::partnership, economy, faults);
    const bool backed = std::ranges::any_of(
        partnership.effects, [](const Effect& e) { return e.type == EffectType::equity; });
    const double usual = default_dissolution(partnership.kind) *
                         (backed && partnership.kind != "equity" ? 0.3 : 1.0);
    partnership.dissolution = entry.number_or("dissolution", usual);
    if (faults.size() == faults_before) {
      check_parties(entry, economy, partnership, faults);
      check_effects(entry, economy, partnership, faults);
    }
    economy.partnerships.push_back(std::move(partnership));
  }
  check_contradictions(scenario, economy, faults);
}

void check_defaults(const scenario::Scenario& scenario, const Economy& economy, Faults& faults) {
  for (const Partnership& partnership : economy.partnerships) {
    const auto& records = scenario.find("partnership", partnership.id)->records("effect");
    for (std::size_t e = 0; e < partnership.effects.size(); ++e) {
      const Effect& effect = partnership.effects[e];
      if (effect.type != EffectType::embed || effect.amount <= 0.0) continue;
      const auto& complement = economy.products[static_cast<std::size_t>(effect.product)];
      const auto& market = economy.markets[static_cast<std::size_t>(complement.market)];
      bool used = false;
      for (std::size_t a = 0; a < market.accounts.size(); ++a) {
        const auto& account = economy.accounts[static_cast<std::size_t>(market.accounts[a])];
        if (account.host != effect.partner_product) continue;
        const double share =
            market.initial_share(effect.product - market.first, static_cast<Index>(a));
        used = used || share > 0.0;
        if (share + effect.amount >= 1.0) {
          faults.push_back(records[e].fault("points",
                                            "the default moves more than all of the host's use",
                                            fmt::format("below {:.4g}", 100.0 * (1.0 - share)),
                                            fmt::format("{:.4g}", 100.0 * effect.amount)));
        }
      }
      if (!used) {
        faults.push_back(records[e].fault("partner_product",
                                          "no account uses this product on that "
                                          "host",
                                          "the host of an [[account]] that uses the product"));
      }
    }
  }
}

}  // namespace entente::simulation
