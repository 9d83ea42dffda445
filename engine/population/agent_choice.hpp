#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <tbb/cache_aligned_allocator.h>
#include <vector>

#include "engine/population/agents.hpp"
#include "engine/population/alternative_table.hpp"
#include "engine/population/tally.hpp"

namespace entente::population {

template <class T>
using AlignedArray = std::vector<T, tbb::cache_aligned_allocator<T>>;  // vectors are stored whole

/// How often a candidate is drawn by its bound before all weights are computed.
inline constexpr std::size_t rounds_of_bounds = 4;

/// Those whom a round of candidates leaves over, and what they choose then.
struct Again {
  LeftOver left;
  AlignedArray<std::uint32_t> taste;
  std::vector<std::uint16_t> choice = std::vector<std::uint16_t>(Deciders::room);
};

/// What a thread needs to let consumers choose, and what it counts.
struct Workspace {
  Deciders deciders;
  std::array<Again, rounds_of_bounds> again;
  AlignedArray<std::uint32_t> taste;
  AlignedArray<float> scratch;
  AlignedArray<float> bound;
  AlignedArray<float> before;
  Decisions passing;           // of the last chunk, where they are not kept
  std::vector<Tally> tallies;  // by stratum
  std::int64_t by_bounds = 0;

  Workspace(const Population& population, std::size_t alternatives)
      : taste(population.individuals->taste.size() * Deciders::room),
        scratch(scratch_size(alternatives, population.individuals->tastes)),
        bound(AlternativeColumns::width(alternatives)),
        before(bound.size()),
        tallies(static_cast<std::size_t>(population.cells.types),
                Tally(static_cast<std::size_t>(population.cells.products) + 1)) {
    deciders.words = population.individuals->taste.size();
    deciders.taste = taste.data();
    for (Again& round : again) {
      round.taste.resize(taste.size());
      round.left.deciders.words = deciders.words;
      round.left.deciders.taste = round.taste.data();
    }
  }
};

/// The key of a stream's draws in a quarter.
DrawKey draw_key(const Draws& draws, std::uint64_t stream, std::uint32_t quarter);

/// The words below which a consumer is a newcomer, and up to which it is active.
Hazards split_words(const Activity& activity);

/// How the active of one market choose in a quarter: what is the same for all of them.
struct Choosing {
  const AlternativeTable& table;
  DrawKey key;
  DrawKey again;  // of those whom the bounds leave over, one stream a round
  Hazards hazards;
  WithoutPurchase without;
  bool keep_decisions;
};

/// Finds the active of a bin, lets them choose and carries out what they choose.
void choose_in_bin(const Choosing& choosing, const AgentBlock& block, const AgentBin& bin,
                   Population& population, Workspace& workspace, Decisions& decisions);

/// The flow of purchases that `chosen` counts.
void count_flow(const Population& population, Purchases& purchases);

}  // namespace entente::population
