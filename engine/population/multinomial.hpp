#pragma once

#include <Eigen/Core>
#include <cstdint>

#include "engine/population/random_stream.hpp"
#include "engine/population/whole_numbers.hpp"

namespace entente::population {

/// How many of `trials` fall to each outcome, by conditional binomials: exact. Each outcome draws
/// from a substream of its own, so that candidates which one rejects do not move the next. weight:
/// probabilities up to a common factor, none negative. Errors as of draw_binomial; weights that sum
/// to 0 are one, unless there are no trials.
Counts draw_multinomial(std::int64_t trials, const Eigen::Ref<const Eigen::ArrayXd>& weight,
                        const Draws& draws, std::uint64_t stream, std::uint32_t quarter);

}  // namespace entente::population
