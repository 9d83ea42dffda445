#include "engine/population/binomial_probability.hpp"

#include <array>
#include <cmath>
#include <cstddef>

#include "engine/market/elementary.hpp"

namespace entente::population {

namespace {

constexpr double two_pi = 6.283185307179586;

/// k! up to the last that is exact in a double by a safe margin.
constexpr std::array<double, 16> factorials() {
  std::array<double, 16> product{1.0};
  for (std::size_t k = 1; k < product.size(); ++k)
    product[k] = product[k - 1] * static_cast<double>(k);
  return product;
}

/// ln k! − k ln k + k, the part of ln k! that stays small: ½ ln 2πk and Stirling's series, whose
/// next term is below 1e-15 from 16 on.
double log_factorial_excess(std::int64_t count) {
  static constexpr auto exact = factorials();
  if (count == 0) return 0.0;
  const auto k = static_cast<double>(count);
  if (count < static_cast<std::int64_t>(exact.size())) {
    return market::deterministic_log(exact[static_cast<std::size_t>(count)]) -
           k * market::deterministic_log(k) + k;
  }
  const double square = 1.0 / (k * k);
  const double series =
      (1.0 / 12 -
       square * (1.0 / 360 - square * (1.0 / 1260 - square * (1.0 / 1680 - square / 1188)))) /
      k;
  return 0.5 * market::deterministic_log(two_pi * k) + series;
}

/// x ln(x/m) + m − x for x = m + difference, a number that is given so that it does not cancel.
double deviance(double x, double mean, double difference) {
  if (x <= 0.0) return mean;
  if (std::abs(difference) >= 0.1 * (x + mean)) {
    return x * market::deterministic_log(x / mean) - difference;
  }
  // ln(x/m) = 2 artanh v; the first term of the series is taken together with m − x.
  const double v = difference / (x + mean);
  const double square = v * v;
  double power = 2.0 * x * v;
  double sum = difference * v;
  for (int odd = 3;; odd += 2) {
    power *= square;
    const double next = sum + power / odd;
    if (next == sum) return sum;
    sum = next;
  }
}

}  // namespace

double log_binomial_probability(std::int64_t successes, std::int64_t trials, double probability) {
  if (probability > 0.5) {
    return log_binomial_probability(trials - successes, trials, 1.0 - probability);
  }
  const std::int64_t failures = trials - successes;
  const double mean = static_cast<double>(trials) * probability;
  const double below = std::floor(mean);
  // Integers are subtracted as integers: a double cannot tell neighbours beyond 2^53.
  const auto whole = static_cast<std::int64_t>(below);
  const double difference = static_cast<double>(successes - whole) - (mean - below);
  const double mean_failures = static_cast<double>(trials - whole) - (mean - below);
  return log_factorial_excess(trials) - log_factorial_excess(successes) -
         log_factorial_excess(failures) -
         deviance(static_cast<double>(successes), mean, difference) -
         deviance(static_cast<double>(failures), mean_failures, -difference);
}

}  // namespace entente::population
