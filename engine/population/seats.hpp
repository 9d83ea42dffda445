#pragma once

#include <Eigen/Core>
#include <cstdint>

#include "engine/population/whole_numbers.hpp"

namespace entente::population {

/// Whole consumers for shares that sum to 1, by largest remainder; ties go to the lower cell. The
/// seats sum to `consumers` (up to 10^18) exactly. Throws std::invalid_argument for a negative
/// share or shares that do not sum to 1.
Counts seat_by_largest_remainder(const Eigen::Ref<const Eigen::VectorXd>& share,
                                 std::int64_t consumers);

}  // namespace entente::population
