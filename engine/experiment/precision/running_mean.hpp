#pragma once

#include <cstddef>

namespace entente::experiment {

/// Mean and spread of values that come one at a time (Welford 1962). Exact for equal values, whose
/// variance is 0.
class RunningMean {
 public:
  void add(double value);

  std::size_t count() const { return count_; }
  /// NaN of nothing.
  double mean() const;
  /// Half width of the t interval of the mean at so much confidence (0 to 1); infinite for fewer
  /// than two values.
  double half_width(double confidence) const;

 private:
  std::size_t count_ = 0;
  double mean_ = 0.0;
  double squares_ = 0.0;  // of deviations from the mean
};

}  // namespace entente::experiment
