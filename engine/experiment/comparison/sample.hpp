#pragma once

#include <cstddef>
#include <span>

namespace entente::experiment {

/// Mean and sample variance (n − 1). Both are exact for equal values, whose variance is 0. NaN
/// where there is no answer: the mean of nothing, the variance of fewer than two.
struct Sample {
  std::size_t count = 0;
  double mean = 0.0;
  double variance = 0.0;
};

Sample describe_sample(std::span<const double> values);

}  // namespace entente::experiment
