#pragma once

namespace entente::experiment {

/// Quantile of Student's t distribution, 0 < probability < 1, degrees > 0.
double student_t_quantile(double probability, double degrees);

/// Probability of a value above `statistic`, which may be infinite.
double student_t_upper_tail(double statistic, double degrees);

}  // namespace entente::experiment
