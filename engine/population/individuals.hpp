#pragma once

#include <Eigen/Core>
#include <cstddef>
#include <cstdint>
#include <vector>

#include "engine/population/draw_key.hpp"
#include "engine/population/filter_kernel.hpp"
#include "engine/population/large_array.hpp"

namespace entente::population {

struct TasteDesign;

/// Individuals [begin, begin + count) in storage, of one stratum and of like tastes.
struct AgentBin {
  std::size_t begin = 0;
  std::size_t count = 0;
  std::uint32_t first_number = 0;  // numbers of a bin begin where vectors do
  TasteBox box;
};

/// Bins [first_bin, last_bin) of one stratum, side by side: what a thread takes at once.
struct AgentBlock {
  std::size_t begin = 0;
  std::size_t count = 0;
  Eigen::Index stratum = 0;
  std::size_t first_bin = 0;
  std::size_t last_bin = 0;
};

/// What of the individuals of a market does not change: shared by all quarters of a history.
struct Individuals {
  std::uint64_t count = 0;                       // N
  std::vector<AgentBin> bins;                    // in order of storage
  std::vector<AgentBlock> blocks;                // likewise
  std::size_t tastes = 0;                        // D
  Eigen::MatrixXd node;                          // T×D, tastes of the types
  std::vector<LargeArray<std::uint32_t>> taste;  // ⌈D/2⌉ words × N, or empty: those of the types
  Eigen::VectorXd largest;                       // D, largest |taste|
};

/// Individuals with tastes as designed, `strata` of them by type, in bins that grow finer with
/// their number. DrawKey: of their tastes.
Individuals make_individuals(const TasteDesign& design, const std::vector<std::size_t>& strata,
                             const DrawKey& key);

}  // namespace entente::population
