#include "engine/population/agent_choice.hpp"

#include <algorithm>
#include <cmath>

#include "engine/population/shock_kernel.hpp"

namespace entente::population {

namespace {

/// Room for the decisions of one chunk more.
void make_room(Decisions& decisions, std::size_t more) {
  const std::size_t needed = decisions.count + more + vector_padding;
  if (decisions.choice.size() >= needed) return;
  decisions.agent.resize(needed + needed / 8);
  decisions.choice.resize(decisions.agent.size());
}

/// Writes what number each decider has: draws of its own are keyed by it.
void number_deciders(std::uint32_t number_of_place_0, Deciders& deciders) {
  for (std::size_t i = 0; i < deciders.count; ++i)
    deciders.word[i] = number_of_place_0 + (deciders.place_held[i] & Deciders::place_mask);
}

/// Lets the listed consumers of a bin choose. `round` counts the lists that their bounds have left
/// over; those who decide again have a word of all numbers.
void choose_listed(const Choosing& choosing, const Alternatives& alternatives, bool bounded,
                   std::uint32_t number_of_place_0, std::size_t round, const Deciders& deciders,
                   Workspace& workspace, std::uint16_t* choice) {
  constexpr std::size_t too_few = 32;  // for another round
  const Hazards hazards = round == 0 ? choosing.hazards : split_words({});
  if (!bounded || round == rounds_of_bounds || (round > 0 && deciders.count < too_few)) {
    choose_products(hazards, alternatives, deciders, workspace.scratch.data(), choice);
    return;
  }
  if (round == 0) workspace.by_bounds += static_cast<std::int64_t>(deciders.count);
  Again& again = workspace.again[round];
  Deciders& left = again.left.deciders;
  choose_by_bounds(hazards, alternatives, choosing.table.columns(),
                   {workspace.bound.data(), workspace.before.data()}, deciders, choice, again.left);
  if (left.count == 0) return;
  DrawKey key = choosing.again;
  key.stream_low += static_cast<std::uint32_t>(round);
  draw_again(key, number_of_place_0, left);
  choose_listed(choosing, alternatives, bounded, number_of_place_0, round + 1, left, workspace,
                again.choice.data());
  for (std::size_t i = 0; i < left.count; ++i)
    choice[again.left.index[i]] = again.choice[i];
}

}  // namespace

DrawKey draw_key(const Draws& draws, std::uint64_t stream, std::uint32_t quarter) {
  return {draws.seed, draws.replication, static_cast<std::uint32_t>(stream),
          static_cast<std::uint32_t>(stream >> 32U), quarter};
}

Hazards split_words(const Activity& activity) {
  constexpr double words = 4294967296.0;
  const double newcomers = std::nearbyint(activity.newcomers * words);
  const double active =
      std::nearbyint((activity.newcomers + (1.0 - activity.newcomers) * activity.hazard) * words);
  Hazards hazards;
  hazards.any = active > 0.0;
  if (!hazards.any) return hazards;
  hazards.newcomer = static_cast<std::uint32_t>(newcomers);
  hazards.last_active = static_cast<std::uint32_t>(active - 1.0);
  if (newcomers > 0.0) hazards.newcomer_scale = static_cast<float>(2.0 / newcomers);
  if (active > newcomers) hazards.active_scale = static_cast<float>(2.0 / (active - newcomers));
  return hazards;
}

void choose_in_bin(const Choosing& choosing, const AgentBlock& block, const AgentBin& bin,
                   Population& population, Workspace& workspace, Decisions& decisions) {
  const Individuals& individuals = *population.individuals;
  std::vector<const std::uint32_t*> taste;
  taste.reserve(individuals.taste.size());
  for (const auto& words : individuals.taste)
    taste.push_back(words.data() + bin.begin);
  const auto first_place = static_cast<std::uint32_t>(bin.begin - block.begin);
  const Consumers consumers{population.held.data() + bin.begin, taste.data(), bin.first_number,
                            first_place};
  std::uint16_t* const held = population.held.data() + block.begin;
  const Alternatives alternatives = choosing.table.of_stratum(block.stratum);
  const bool bounded = alternatives.shock_stream == nullptr && choosing.table.may_use_bounds() &&
                       bound_weights(alternatives, choosing.table.columns(), bin.box,
                                     {workspace.bound.data(), workspace.before.data()});
  Deciders& deciders = workspace.deciders;
  for (std::size_t begin = 0; begin < bin.count; begin += chunk_size) {
    find_deciders(choosing.key, consumers, begin, bin.count, choosing.hazards, deciders);
    if (!choosing.keep_decisions) decisions.count = 0;
    make_room(decisions, deciders.count);
    std::uint16_t* const choice = decisions.choice.data() + decisions.count;
    const std::uint32_t number_of_place_0 = bin.first_number - first_place;
    if (alternatives.shock_stream != nullptr) {
      number_deciders(number_of_place_0, deciders);
      choose_by_shocks(choosing.key, alternatives, deciders, workspace.scratch.data(), choice);
    } else {
      choose_listed(choosing, alternatives, bounded, number_of_place_0, 0, deciders, workspace,
                    choice);
    }
    if (choosing.keep_decisions) {
      std::copy_n(deciders.place_held.begin(), deciders.count,
                  decisions.agent.data() + decisions.count);
    }
    workspace.tallies[static_cast<std::size_t>(block.stratum)].add(
        deciders.place_held.data(), choice, deciders.count, choosing.without, held);
    decisions.count += deciders.count;
  }
}

void count_flow(const Population& population, Purchases& purchases) {
  purchases.flow = purchases.chosen.colwise().sum().cast<double>() /
                   static_cast<double>(population.individuals->count);
}

}  // namespace entente::population
