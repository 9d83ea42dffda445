#include "engine/experiment/precision/running_mean.hpp"

#include <cmath>
#include <limits>

#include "engine/experiment/comparison/student_t.hpp"

namespace entente::experiment {

void RunningMean::add(double value) {
  ++count_;
  const double deviation = value - mean_;
  mean_ += deviation / static_cast<double>(count_);
  squares_ += deviation * (value - mean_);
}

double RunningMean::mean() const {
  return count_ > 0 ? mean_ : std::numeric_limits<double>::quiet_NaN();
}

double RunningMean::half_width(double confidence) const {
  if (count_ < 2) return std::numeric_limits<double>::infinity();
  if (squares_ == 0.0) return 0.0;
  const auto count = static_cast<double>(count_);
  return student_t_quantile(0.5 + 0.5 * confidence, count - 1.0) *
         std::sqrt(squares_ / (count - 1.0) / count);
}

}  // namespace entente::experiment
