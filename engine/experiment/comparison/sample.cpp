#include "engine/experiment/comparison/sample.hpp"

#include <limits>

namespace entente::experiment {

Sample describe_sample(std::span<const double> values) {
  constexpr double missing = std::numeric_limits<double>::quiet_NaN();
  Sample sample{values.size(), missing, missing};
  if (values.empty()) return sample;
  // Deviations from one of the values: sums of equal numbers are then exact.
  const double origin = values.front();
  const auto count = static_cast<double>(values.size());
  double sum = 0.0;
  for (const double value : values)
    sum += value - origin;
  sample.mean = origin + sum / count;
  if (values.size() < 2) return sample;
  double squares = 0.0;
  for (const double value : values) {
    const double deviation = (value - origin) - sum / count;
    squares += deviation * deviation;
  }
  sample.variance = squares / (count - 1.0);
  return sample;
}

}  // namespace entente::experiment
