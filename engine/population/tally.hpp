#pragma once

#include <cstddef>
#include <cstdint>
#include <vector>

#include "engine/population/agent_kernel.hpp"
#include "engine/population/population.hpp"

namespace entente::population {

/// How often each product was held before by the active of a block, chosen by them, and is held now
/// by those who did not choose it. Four tables, because the same product comes again before the
/// last addition to it is done.
class Tally {
 public:
  explicit Tally(std::size_t states)
      : states_(states), count_(tables * 2 * states), kept_(states) {}

  /// Counts decisions and carries them out.
  void add(const std::uint32_t* agent, const std::uint16_t* choice, std::size_t count,
           WithoutPurchase rule, std::uint16_t* held) {
    for (std::size_t i = 0; i < count; ++i) {
      std::uint32_t* const table = count_.data() + i % tables * 2 * states_;
      ++table[agent[i] >> 16U];
      ++table[states_ + choice[i]];
      held[agent[i] & Deciders::place_mask] = choice[i];
    }
    if (rule == WithoutPurchase::gives_up) return;
    for (std::size_t i = 0; i < count; ++i) {
      if (choice[i] + 1U == states_ && (agent[i] & Deciders::newcomer) == 0) keep(agent[i], held);
    }
  }
  /// Of those who take the outside good where that means to keep what one has.
  void keep(std::uint32_t agent, std::uint16_t* held) {
    held[agent & Deciders::place_mask] = static_cast<std::uint16_t>(agent >> 16U);
    ++kept_[agent >> 16U];
  }
  std::int64_t left(std::size_t state) const { return sum(state); }
  std::int64_t chosen(std::size_t state) const { return sum(states_ + state); }
  std::int64_t kept(std::size_t state) const { return kept_[state]; }

 private:
  static constexpr std::size_t tables = 4;
  std::int64_t sum(std::size_t place) const {
    std::int64_t total = 0;
    for (std::size_t table = 0; table < tables; ++table)
      total += count_[table * 2 * states_ + place];
    return total;
  }
  std::size_t states_;
  std::vector<std::uint32_t> count_;
  std::vector<std::uint32_t> kept_;
};

}  // namespace entente::population
