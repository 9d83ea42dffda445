#pragma once

#include <cstddef>
#include <optional>
#include <span>

namespace entente::experiment {

/// What is asked of a difference.
struct DifferenceQuestion {
  double confidence = 0.95;           // of the interval
  std::optional<double> margin = {};  // differences within ±margin do not matter (> 0)
};

/// How a difference was found.
enum class Evidence {
  identical,  // every value equals its counterpart
  exact,      // every pair differs by the same: no interval to speak of, and no test
  tested,     // an interval and a p-value
  untested    // fewer than two values on a side: nothing is known of the spread
};

/// Mean of `other` less mean of `base`. NaN where there is no answer.
struct Difference {
  Evidence evidence = Evidence::untested;
  bool paired = false;
  std::size_t base_count = 0;
  std::size_t other_count = 0;
  double base_mean = 0.0;
  double other_mean = 0.0;
  double mean = 0.0;
  double relative = 0.0;  // mean / |base_mean|; NaN when that is 0
  double standard_error = 0.0;
  double degrees = 0.0;  // of freedom, of the test
  double low = 0.0;      // t interval; of zero width when exact
  double high = 0.0;
  double p_value = 0.0;             // two-sided t test of no difference; 1 when identical
  double equivalence_p = 0.0;       // TOST (Schuirmann 1987); NaN without a margin
  double variance_reduction = 0.0;  // (Var base + Var other) / Var of differences; NaN unpaired
};

/// Differences of values with the same index, which share their random draws. Sizes are equal, else
/// std::invalid_argument; so with nothing to compare.
Difference compute_paired_difference(std::span<const double> base, std::span<const double> other,
                                     const DifferenceQuestion& question);

/// Two independent samples (Welch 1947). When neither has spread, and they differ, the p-value is
/// that of the permutation test, 2 / C(n + m, n), and there is no interval.
Difference compute_unpaired_difference(std::span<const double> base, std::span<const double> other,
                                       const DifferenceQuestion& question);

}  // namespace entente::experiment
