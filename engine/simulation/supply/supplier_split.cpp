#include "engine/simulation/supply/supplier_split.hpp"

#include <algorithm>
#include <cmath>

#include "engine/market/elementary.hpp"
#include "engine/simulation/supply/generation.hpp"

namespace entente::simulation {

namespace {

std::size_t at(Index index) {
  return static_cast<std::size_t>(index);
}

/// One supplier a buyer is linked to.
struct Candidate {
  Index link = 0;
  double incumbent_share = 0.0;  // of quarter 0; 0: a newcomer
  double capacity_part = 0.0;    // of the capacity of all linked suppliers
  double price_weight = 1.0;
};

std::vector<Candidate> list_candidates(const World& world, const Quarter& quarter,
                                       const Eigen::Ref<const Eigen::VectorXd>& link_price,
                                       Index buyer, const Market& market) {
  const Economy& economy = *world.economy;
  std::vector<Candidate> candidates;
  double linked_capacity = 0.0;
  for (std::size_t i = 0; i < economy.links.size(); ++i) {
    const Link& link = economy.links[i];
    if (link.buyer != buyer || !market.sells(link.supplier)) continue;
    const auto l = static_cast<Index>(i);
    linked_capacity += quarter.capacity[link.supplier];
    candidates.push_back(
        {l, link.qualified ? link.share : 0.0, quarter.capacity[link.supplier],
         market::deterministic_exp(market.supplier_elasticity *
                                   market::deterministic_log(link_price[l] / link.price))});
  }
  for (Candidate& candidate : candidates) {
    candidate.capacity_part = std::isfinite(linked_capacity)
                                  ? candidate.capacity_part / linked_capacity
                                  : 1.0 / static_cast<double>(candidates.size());
  }
  return candidates;
}

/// Weights of the candidates in one generation, C.
Eigen::VectorXd weigh(const World& world, const Terms& terms,
                      const std::vector<Candidate>& candidates, Index generation) {
  Eigen::VectorXd weight = Eigen::VectorXd::Zero(static_cast<Index>(candidates.size()));
  const auto access = [&](const Candidate& c) {
    return is_banned(world, terms, c.link) ? 0.0 : world.link_access(c.link, generation);
  };
  const bool has_incumbent =
      std::ranges::any_of(candidates, [&](const Candidate& c) { return c.incumbent_share > 0.0; });
  for (std::size_t k = 0; k < candidates.size(); ++k) {
    const Candidate& c = candidates[k];
    const double part = c.capacity_part;
    double base = c.incumbent_share;
    if (base <= 0.0) base = has_incumbent && part < 1.0 ? part / (1.0 - part) : part;
    weight[static_cast<Index>(k)] = access(c) * base * c.price_weight;
  }
  const double total = weight.sum();
  return total > 0.0 ? Eigen::VectorXd(weight / total) : weight;
}

}  // namespace

bool is_banned(const World& world, const Terms& terms, Index l) {
  const Link& link = world.economy->links[at(l)];
  if (link.buyer < 0) return false;
  const Index firm = world.economy->products[at(link.buyer)].firm;
  return std::ranges::any_of(terms.bans, [&](const Terms::Ban& ban) {
    return ban.supplier == link.supplier && (ban.rival == firm || ban.buyer == link.buyer);
  });
}

bool can_supply(const World& world, const Terms& terms, Index l) {
  return mean_access(world, l) > 0.0 && !is_banned(world, terms, l);
}

Eigen::VectorXd split_over_suppliers(const World& world, const Quarter& quarter,
                                     const Eigen::Ref<const Eigen::VectorXd>& link_price,
                                     Index buyer, Index m, int ahead) {
  const Economy& economy = *world.economy;
  const Market& market = economy.markets[at(m)];
  Eigen::VectorXd split = Eigen::VectorXd::Zero(static_cast<Index>(economy.links.size()));
  const auto input = std::ranges::find_if(economy.inputs, [&](const Input& candidate) {
    return candidate.product == buyer && candidate.market == m;
  });
  if (input == economy.inputs.end()) return split;
  const auto candidates = list_candidates(world, quarter, link_price, buyer, market);
  const Eigen::VectorXd mix = generation_mix(economy, *input, world.quarter + ahead);
  for (Index g = 0; g < mix.size(); ++g) {
    if (mix[g] <= 0.0) continue;
    const Eigen::VectorXd part = weigh(world, quarter.terms, candidates, g);
    for (std::size_t k = 0; k < candidates.size(); ++k)
      split[candidates[k].link] += mix[g] * part[static_cast<Index>(k)];
  }
  const double total = split.sum();
  if (total > 0.0) split /= total;
  return split;
}

bool has_suppliers(const World& world, const Terms& terms, Index product) {
  const Economy& economy = *world.economy;
  return std::ranges::all_of(economy.inputs, [&](const Input& input) {
    if (input.product != product) return true;
    const Market& market = economy.markets[at(input.market)];
    if (market.pricing != PricingKind::contract) return true;
    for (std::size_t l = 0; l < economy.links.size(); ++l) {
      const Link& link = economy.links[l];
      if (link.buyer != product || !market.sells(link.supplier)) continue;
      if (can_supply(world, terms, static_cast<Index>(l))) return true;
    }
    return false;
  });
}

}  // namespace entente::simulation
