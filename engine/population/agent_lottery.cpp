// Deliveries fall short: who of the individuals is served, and what the others take.
#include <algorithm>
#include <cmath>
#include <memory>
#include <stdexcept>

#include "engine/population/agent_choice.hpp"
#include "engine/population/shock_kernel.hpp"

namespace entente::population {

namespace {

/// An agent's place in the queue for what falls short.
struct Ticket {
  std::uint32_t number;  // by lottery
  std::uint32_t block;
  std::uint32_t decision;  // of the block
  std::uint32_t word;      // what it chooses again with
  std::uint32_t consumer;  // its number

  bool before(const Ticket& other) const {
    if (number != other.number) return number < other.number;
    return block != other.block ? block < other.block : decision < other.decision;
  }
};

/// Rounding must not cost an individual its place.
constexpr double whole = 1e-9;

/// Everyone who chose a product that falls short and does not get it, by block.
std::vector<Ticket> draw_losers(const Population& population, const Purchases& purchases,
                                const Eigen::Ref<const Eigen::VectorXd>& served,
                                std::uint64_t stream, const Draws& draws, std::uint32_t quarter) {
  const Individuals& individuals = *population.individuals;
  std::vector<std::vector<Ticket>> queues(static_cast<std::size_t>(served.size()));
  for (std::size_t b = 0; b < individuals.blocks.size(); ++b) {
    const Decisions& decisions = purchases.decisions[b];
    std::size_t bin = individuals.blocks[b].first_bin;
    for (std::size_t i = 0; i < decisions.count; ++i) {
      const std::uint16_t wanted = decisions.choice[i];
      if (wanted >= served.size() || served[wanted] >= 1.0) continue;
      const std::size_t agent =
          individuals.blocks[b].begin + (decisions.agent[i] & Deciders::place_mask);
      while (agent >= individuals.bins[bin].begin + individuals.bins[bin].count)
        ++bin;
      const auto number = static_cast<std::uint32_t>(individuals.bins[bin].first_number + agent -
                                                     individuals.bins[bin].begin);
      const auto words = draws.block(stream, quarter, number);
      queues[wanted].push_back({words[0], static_cast<std::uint32_t>(b),
                                static_cast<std::uint32_t>(i), words[1], number});
    }
  }
  std::vector<Ticket> losers;
  for (std::size_t j = 0; j < queues.size(); ++j) {
    std::vector<Ticket>& queue = queues[j];
    // The lowest numbers get it, whole individuals: what is delivered stays within the limit.
    const auto winners = static_cast<std::ptrdiff_t>(std::floor(
        served[static_cast<Eigen::Index>(j)] * static_cast<double>(queue.size()) + whole));
    const auto first_loser = queue.begin() + std::min(winners, std::ssize(queue));
    std::nth_element(queue.begin(), first_loser, queue.end(),
                     [](const Ticket& a, const Ticket& b) { return a.before(b); });
    losers.insert(losers.end(), first_loser, queue.end());
  }
  std::sort(losers.begin(), losers.end(), [](const Ticket& a, const Ticket& b) {
    return a.block != b.block ? a.block < b.block : a.decision < b.decision;
  });
  return losers;
}

}  // namespace

void choose_again_by_agents(Population& population, Purchases& purchases,
                            const Eigen::Ref<const Eigen::VectorXd>& served, const Offer& left,
                            const Draws& draws, std::uint32_t quarter, std::uint32_t round) {
  const Individuals& individuals = *population.individuals;
  if (purchases.decisions.size() != individuals.blocks.size())
    throw std::logic_error("decisions were not kept, because nothing could fall short");
  const std::vector<Ticket> losers = draw_losers(
      population, purchases, served, substream(population.lottery_stream, round), draws, quarter);
  const Eigen::Index none = population.cells.products;
  const AlternativeTable table(left, individuals);
  const auto workspace = std::make_unique<Workspace>(population, table.count());
  Deciders& deciders = workspace->deciders;
  const Hazards all = split_words({});
  const DrawKey key = draw_key(draws, population.choice_stream, quarter);
  for (std::size_t first = 0; first < losers.size();) {
    const std::uint32_t b = losers[first].block;
    const AgentBlock& block = individuals.blocks[b];
    Decisions& decisions = purchases.decisions[b];
    std::size_t last = first;
    for (deciders.count = 0;
         last < losers.size() && losers[last].block == b && deciders.count < chunk_size;
         ++last, ++deciders.count) {
      const std::uint32_t word = decisions.agent[losers[last].decision];
      const std::size_t agent = block.begin + (word & Deciders::place_mask);
      deciders.place_held[deciders.count] = word;
      deciders.word[deciders.count] =
          left.shock_stream.empty() ? losers[last].word : losers[last].consumer;
      for (std::size_t w = 0; w < individuals.taste.size(); ++w)
        deciders.taste[w * Deciders::room + deciders.count] = individuals.taste[w][agent];
    }
    std::vector<std::uint16_t>& chosen = workspace->again[0].choice;
    const Alternatives alternatives = table.of_stratum(block.stratum);
    float* const scratch = workspace->scratch.data();
    if (alternatives.shock_stream != nullptr) {
      choose_by_shocks(key, alternatives, deciders, scratch, chosen.data());
    } else {
      choose_products(all, alternatives, deciders, scratch, chosen.data());
    }
    Tally tally(static_cast<std::size_t>(none) + 1);
    for (std::size_t i = 0; first + i < last; ++i) {
      std::uint16_t& choice = decisions.choice[losers[first + i].decision];
      --purchases.chosen(block.stratum, choice);
      choice = chosen[i];
      ++purchases.chosen(block.stratum, choice);
    }
    tally.add(deciders.place_held.data(), chosen.data(), deciders.count, left.without,
              population.held.data() + block.begin);
    for (Eigen::Index state = 0; state <= none; ++state)
      purchases.kept(block.stratum, state) += tally.kept(static_cast<std::size_t>(state));
    first = last;
  }
  count_flow(population, purchases);
}

}  // namespace entente::population
