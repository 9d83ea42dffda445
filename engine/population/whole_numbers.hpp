#pragma once

#include <Eigen/Core>
#include <cstdint>

namespace entente::population {

/// Consumers counted one by one: exact where a double would round.
using Counts = Eigen::Matrix<std::int64_t, Eigen::Dynamic, 1>;
using CountTable = Eigen::Matrix<std::int64_t, Eigen::Dynamic, Eigen::Dynamic>;

}  // namespace entente::population
