#include "engine/population/binomial.hpp"

#include <algorithm>
#include <cmath>
#include <limits>
#include <stdexcept>
#include <vector>

#include "tests/catch.hpp"
#include "tests/unit/engine/population/chi_square.hpp"

using namespace entente;
using namespace entente::population;

namespace {

/// Independent draws: each of its own substream.
std::vector<std::int64_t> draw_many(std::int64_t trials, double probability, int count) {
  const Draws draws{5, 8};
  const std::uint64_t stream = stream_name("binomial", "test");
  std::vector<std::int64_t> numbers;
  for (int i = 0; i < count; ++i) {
    KeyedGenerator generator(draws, substream(stream, static_cast<std::uint64_t>(i)), 0);
    numbers.push_back(draw_binomial(trials, probability, generator));
  }
  return numbers;
}

/// n!/(k!(n−k)!) p^k q^(n−k) from the gamma function of the C library.
double textbook_probability(int successes, int trials, double probability) {
  const long double p = probability;
  return static_cast<double>(std::exp(std::lgamma(trials + 1.0L) - std::lgamma(successes + 1.0L) -
                                      std::lgamma(trials - successes + 1.0L) +
                                      successes * std::log(p) +
                                      (trials - successes) * std::log1p(-p)));
}

}  // namespace

TEST_CASE("what is certain is drawn for certain", "[unit]") {
  KeyedGenerator generator(Draws{1, 1}, 2, 3);
  for (const std::int64_t trials :
       {std::int64_t{0}, std::int64_t{1}, std::int64_t{77}, most_trials}) {
    CHECK(draw_binomial(trials, 0.0, generator) == 0);
    CHECK(draw_binomial(trials, 1.0, generator) == trials);
  }
  CHECK(draw_binomial(0, 0.4, generator) == 0);
}

TEST_CASE("draws without a meaning are refused", "[unit]") {
  KeyedGenerator generator(Draws{1, 1}, 2, 3);
  constexpr double no_number = std::numeric_limits<double>::quiet_NaN();
  CHECK_THROWS_AS(draw_binomial(-1, 0.5, generator), std::invalid_argument);
  CHECK_THROWS_AS(draw_binomial(most_trials + 1, 0.5, generator), std::invalid_argument);
  for (const double probability : {-1e-9, 1.0 + 1e-9, no_number})
    CHECK_THROWS_AS(draw_binomial(10, probability, generator), std::invalid_argument);
}

// Both sides of the border between the methods (a mean of 10), of one half, and of 53 bits of
// means.
TEST_CASE("binomial draws have the probabilities of the textbook", "[unit]") {
  struct Case {
    int trials;
    double probability;
  };
  constexpr int count = 200'000;
  for (const Case& c :
       {Case{1, 0.3}, Case{2, 0.5}, Case{9, 0.01}, Case{20, 0.49}, Case{21, 0.49}, Case{21, 0.51},
        Case{40, 0.25}, Case{39, 0.25}, Case{100, 0.3}, Case{1000, 0.9}, Case{10'000, 0.002},
        Case{1'000'000, 3e-6}, Case{1'000'000, 1.2e-5}}) {
    const int most = std::min(c.trials, 1000);  // beyond, none of these comes
    std::vector<double> observed(static_cast<std::size_t>(most) + 1);
    for (const std::int64_t number : draw_many(c.trials, c.probability, count))
      ++observed.at(static_cast<std::size_t>(number));
    std::vector<double> expected;
    for (int k = 0; k <= most; ++k)
      expected.push_back(count * textbook_probability(k, c.trials, c.probability));
    CAPTURE(c.trials, c.probability);
    CHECK(std::abs(test::chi_square_score(observed, expected)) < 4.0);
  }
}

// The sum of m squares of deviations has mean m and variance (2 + excess kurtosis) m.
TEST_CASE("binomial draws have the mean and variance np and npq", "[unit]") {
  constexpr int count = 100'000;
  for (const std::int64_t trials : {30LL, 1000LL, 1'000'000LL, 1'000'000'000'000LL}) {
    for (const double probability : {0.02, 0.3, 0.5, 0.97}) {
      const double mean = static_cast<double>(trials) * probability;
      const double variance = mean * (1.0 - probability);
      double sum = 0.0;
      double squares = 0.0;
      for (const std::int64_t number : draw_many(trials, probability, count)) {
        const double deviation = (static_cast<double>(number) - mean) / std::sqrt(variance);
        sum += deviation;
        squares += deviation * deviation;
      }
      const double kurtosis = (1.0 - 6.0 * probability * (1.0 - probability)) / variance;
      CAPTURE(trials, probability);
      CHECK(std::abs(sum) < 4.0 * std::sqrt(count));
      CHECK(std::abs(squares - count) < 4.0 * std::sqrt((2.0 + kurtosis) * count));
    }
  }
}

// Of 10^18 trials the distribution is normal to 1e-9, and every whole number comes up: above 2^53
// doubles are 64 apart.
TEST_CASE("draws from 10^18 trials are normal and lose no unit", "[unit]") {
  constexpr int count = 100'000;
  constexpr double probability = 0.37;
  constexpr std::int64_t mean = 370'000'000'000'000'000;
  const double spread = std::sqrt(1e18 * probability * (1.0 - probability));
  std::vector<double> deviations;
  std::vector<double> last_bits(128);
  for (const std::int64_t number : draw_many(most_trials, probability, count)) {
    deviations.push_back(static_cast<double>(number - mean) / spread);
    ++last_bits[static_cast<std::size_t>(number % 128)];
  }
  std::sort(deviations.begin(), deviations.end());
  double distance = 0.0;
  for (std::size_t i = 0; i < deviations.size(); ++i) {
    const double below = 0.5 * std::erfc(-deviations[i] / std::sqrt(2.0));
    distance = std::max({distance, std::abs(below - static_cast<double>(i) / count),
                         std::abs(below - static_cast<double>(i + 1) / count)});
  }
  CHECK(distance < 1.95 / std::sqrt(count));  // Kolmogorov's distribution: one in a thousand
  CHECK(std::abs(test::chi_square_score(last_bits, std::vector<double>(128, count / 128.0))) < 4.0);
}

// Recorded, not worked: a change here is a change of every counted history.
TEST_CASE("binomial draws keep their bits", "[unit]") {
  using Numbers = std::vector<std::int64_t>;
  CHECK(draw_many(12, 0.3, 6) == Numbers{6, 5, 3, 6, 3, 3});
  CHECK(draw_many(1'000'000'000, 0.3, 6) ==
        Numbers{300'021'318, 300'017'898, 299'993'329, 300'010'063, 299'998'985, 299'993'390});
  CHECK(draw_many(most_trials, 0.6, 4) == Numbers{599'999'999'279'309'220, 599'999'999'394'932'827,
                                                  600'000'000'225'524'400,
                                                  599'999'999'659'823'688});
}
