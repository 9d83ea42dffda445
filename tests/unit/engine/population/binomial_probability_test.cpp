#include "engine/population/binomial_probability.hpp"

#include <cmath>

#include "tests/catch.hpp"

using entente::population::log_binomial_probability;

namespace {

constexpr double pi = 3.141592653589793;

}  // namespace

// 4 coins: 1, 4, 6, 4, 1 sixteenths. 10 of 0.3: 120 · 0.3³ · 0.7⁷ for three.
TEST_CASE("probabilities of few trials worked by hand", "[unit]") {
  const double coins[] = {1.0, 4.0, 6.0, 4.0, 1.0};
  for (int k = 0; k <= 4; ++k)
    CHECK(std::exp(log_binomial_probability(k, 4, 0.5)) == Approx(coins[k] / 16.0).epsilon(1e-14));
  CHECK(std::exp(log_binomial_probability(3, 10, 0.3)) == Approx(0.266827932).epsilon(1e-13));
  CHECK(std::exp(log_binomial_probability(7, 10, 0.7)) == Approx(0.266827932).epsilon(1e-13));
  CHECK(log_binomial_probability(0, 100, 0.25) == Approx(100.0 * std::log(0.75)).epsilon(1e-14));
  CHECK(log_binomial_probability(100, 100, 0.25) == Approx(100.0 * std::log(0.25)).epsilon(1e-14));
}

TEST_CASE("probabilities sum to 1 and step by the odds", "[unit]") {
  for (const int trials : {1, 15, 16, 17, 40, 3000}) {
    for (const double probability : {0.001, 0.2, 0.5, 0.93}) {
      double sum = std::exp(log_binomial_probability(0, trials, probability));
      CAPTURE(trials, probability);
      for (int k = 0; k < trials; ++k) {
        const double next = log_binomial_probability(k + 1, trials, probability);
        const double step = next - log_binomial_probability(k, trials, probability);
        REQUIRE(step == Approx(std::log(probability / (1.0 - probability) * (trials - k) / (k + 1)))
                            .margin(2e-11));
        sum += std::exp(next);
      }
      CHECK(sum == Approx(1.0).epsilon(1e-12));
    }
  }
}

// Of n coins, d off the middle: √(2/πn) e^(−2d²/n) up to 1/n (Stirling).
TEST_CASE("probabilities of 10^18 trials do not cancel", "[unit]") {
  const std::int64_t trials = 1'000'000'000'000'000'000;
  const double peak = 0.5 * std::log(2.0 / (pi * 1e18));
  for (const std::int64_t off :
       {0LL, 1LL, 1000LL, 500'000'000LL, -500'000'000LL, 2'000'000'000LL}) {
    const double square = static_cast<double>(off) * static_cast<double>(off);
    CHECK(log_binomial_probability(trials / 2 + off, trials, 0.5) ==
          Approx(peak - 2.0 * square / 1e18).epsilon(1e-14));
  }
  // A quarter: the skew moves it by (q − p)(x³ − 3x)/(6·deviation), x = 1, deviation 4.3e8.
  const double spread = std::sqrt(1e18 * 0.1875);
  const double above =
      log_binomial_probability(trials / 4 + static_cast<std::int64_t>(spread), trials, 0.25);
  CHECK(above - log_binomial_probability(trials / 4, trials, 0.25) ==
        Approx(-0.5 - 2.0 * 0.5 / (6.0 * spread)).margin(2e-9));
}
