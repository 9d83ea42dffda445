#pragma once

#include <span>
#include <vector>

namespace entente::experiment {

/// p-values of many tests, adjusted so that below α holds at most once in 1/α families that have
/// nothing to find (Holm 1979). In the order given; none may be NaN.
std::vector<double> adjust_holm(std::span<const double> p_values);

/// Adjusted so that of what lies below α the expected false share is at most α (Benjamini &
/// Hochberg 1995).
std::vector<double> adjust_benjamini_hochberg(std::span<const double> p_values);

}  // namespace entente::experiment
