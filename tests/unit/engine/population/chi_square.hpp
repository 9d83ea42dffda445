#pragma once

#include <cmath>
#include <vector>

namespace entente::test {

/// How many standard deviations observed numbers lie from expected ones: Pearson's chi-square,
/// made normal by Wilson & Hilferty (1931). Neighbours are taken together until 10 are expected.
inline double chi_square_score(const std::vector<double>& observed,
                               const std::vector<double>& expected) {
  double statistic = 0.0;
  double seen = 0.0;
  double wanted = 0.0;
  double left = 0.0;
  for (const double number : expected)
    left += number;
  int groups = 0;
  for (std::size_t i = 0; i < expected.size(); ++i) {
    seen += observed[i];
    wanted += expected[i];
    left -= expected[i];
    // What is too rare at the end belongs to the last group.
    if (wanted < 10.0 || (left < 10.0 && i + 1 < expected.size())) continue;
    statistic += (seen - wanted) * (seen - wanted) / wanted;
    seen = wanted = 0.0;
    ++groups;
  }
  if (groups < 2) return 0.0;
  const double freedom = groups - 1.0;
  const double spread = 2.0 / (9.0 * freedom);
  return (std::cbrt(statistic / freedom) - (1.0 - spread)) / std::sqrt(spread);
}

}  // namespace entente::test
