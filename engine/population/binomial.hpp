#pragma once

#include <cstdint>

#include "engine/population/random_stream.hpp"

namespace entente::population {

/// The most trials that a binomial draw takes; counts up to here add up in 64 bits.
inline constexpr std::int64_t most_trials = 1'000'000'000'000'000'000;

/// Successes in independent trials: exact draws at a cost that does not depend on the trials.
/// Inversion where the rarer outcome is expected below 10 times, else transformed rejection with
/// squeeze (algorithm BTRS of Hoermann 1993, "The generation of binomial random variates"). Same
/// bits on every processor. Throws std::invalid_argument for trials outside 0 to most_trials or a
/// probability outside [0, 1].
std::int64_t draw_binomial(std::int64_t trials, double probability, KeyedGenerator& generator);

}  // namespace entente::population
