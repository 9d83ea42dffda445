#pragma once

#include <cstddef>
#include <vector>

#include "engine/experiment/comparison/run_comparison.hpp"

namespace entente::experiment {

/// Which replications of two runs go together: positions in each, of equal number when paired.
struct SamplePairs {
  bool paired = false;
  std::vector<std::size_t> base;
  std::vector<std::size_t> other;
};

/// Replications of one number are paired when the runs share their draws and any number is in both.
SamplePairs pair_samples(const SampleTable& base, const SampleTable& other, bool shared_draws);

/// Adds the figures of one table, with verdicts short of significance, and what only one run has.
void compare_sample_tables(const SampleTable& base, const SampleTable& other,
                           const SamplePairs& pairs, const ComparisonQuestion& question,
                           RunComparison& result);

}  // namespace entente::experiment
