#include "engine/population/binomial.hpp"

#include <algorithm>
#include <cmath>
#include <stdexcept>

#include "engine/market/elementary.hpp"
#include "engine/population/binomial_probability.hpp"

namespace entente::population {

namespace {

/// From this mean on the constants of BTRS are valid.
constexpr double least_mean_of_rejection = 10.0;

/// No draw of a mean below 10 comes here: its probability is below 1e-70. Only what rounding left
/// of the uniform does.
constexpr std::int64_t beyond_inversion = 110;

/// The probabilities of 0, 1, 2 and so on are taken from one uniform in turn.
std::int64_t invert(std::int64_t trials, double probability, KeyedGenerator& generator) {
  const auto count = static_cast<double>(trials);
  const double none = market::deterministic_exp(count * market::deterministic_log1p(-probability));
  const double odds = probability / (1.0 - probability);
  const std::int64_t last = std::min(trials, beyond_inversion);
  while (true) {
    double left = generator.uniform();
    double term = none;
    for (std::int64_t successes = 0; successes <= last; ++successes) {
      if (left < term) return successes;
      left -= term;
      term *= odds * static_cast<double>(trials - successes) / static_cast<double>(successes + 1);
    }
  }
}

/// A uniform bent to the shape of the distribution, accepted by its probability; four in five
/// without computing it.
std::int64_t reject(std::int64_t trials, double probability, KeyedGenerator& generator) {
  const auto count = static_cast<double>(trials);
  const double mean = count * probability;
  const double spread = std::sqrt(mean * (1.0 - probability));
  const double b = 1.15 + 2.53 * spread;
  const double a = -0.0873 + 0.0248 * b + 0.01 * probability;
  const double alpha = (2.83 + 5.1 / b) * spread;
  const double squeeze = 0.92 - 4.2 / b;
  // The candidate is counted from a whole number near the mean: beyond 2^53 a double has no units.
  const double below = std::floor(mean);
  const auto centre = static_cast<std::int64_t>(below);
  const double shift = mean - below + 0.5;
  const auto mode = std::min(trials, static_cast<std::int64_t>((count + 1.0) * probability));
  while (true) {
    const double u = generator.uniform() - 0.5;
    const double v = generator.uniform();
    const double edge = 0.5 - std::abs(u);
    const double offset = std::floor((2.0 * a / edge + b) * u + shift);
    if (!(std::abs(offset) < 0x1p62)) continue;
    const std::int64_t candidate = centre + static_cast<std::int64_t>(offset);
    if (candidate < 0 || candidate > trials) continue;
    if (edge >= 0.07 && v <= squeeze) return candidate;
    if (market::deterministic_log(v * alpha / (a / (edge * edge) + b)) <=
        log_binomial_probability(candidate, trials, probability) -
            log_binomial_probability(mode, trials, probability)) {
      return candidate;
    }
  }
}

}  // namespace

std::int64_t draw_binomial(std::int64_t trials, double probability, KeyedGenerator& generator) {
  const bool possible = probability >= 0.0 && probability <= 1.0;  // not so for what is no number
  if (trials < 0 || trials > most_trials || !possible) {
    throw std::invalid_argument("a binomial draw needs trials and a probability");
  }
  if (probability > 0.5) return trials - draw_binomial(trials, 1.0 - probability, generator);
  if (trials == 0 || probability == 0.0) return 0;
  return static_cast<double>(trials) * probability < least_mean_of_rejection
             ? invert(trials, probability, generator)
             : reject(trials, probability, generator);
}

}  // namespace entente::population
