#include "engine/experiment/precision/stopping_rule.hpp"

#include <cmath>
#include <limits>
#include <optional>
#include <vector>

#include "engine/experiment/comparison/sample.hpp"
#include "engine/experiment/comparison/student_t.hpp"
#include "engine/population/random_stream.hpp"
#include "tests/catch.hpp"

using namespace entente;
using namespace entente::experiment;

namespace {

constexpr double missing = std::numeric_limits<double>::quiet_NaN();

// Half widths at 95%, Student's t times s/√n: 12.7 of the first two values, then 2.484, 1.299 and
// 0.878; with the outlier 2.655, then 2.164, 1.829, 1.585, 1.399, 1.252 and 1.133.
const std::vector<double> known = {9, 11, 10, 10, 10, 16, 10, 10, 10, 10, 10, 10};

std::pair<std::size_t, std::size_t> stop_of(const std::vector<double>& values,
                                            const Precision& wanted, const StoppingRule& rule) {
  const auto stop = find_stop(values, wanted, rule);
  return stop ? std::pair(stop->first_met, stop->count) : std::pair<std::size_t, std::size_t>();
}

/// The rule as it is stated, each prefix by itself.
std::optional<std::size_t> stated_rule(std::span<const double> sequence, const Precision& wanted,
                                       const StoppingRule& rule) {
  const auto is_met = [&](std::size_t count) {
    const Sample sample = describe_sample(sequence.first(count));
    const auto n = static_cast<double>(count);
    return student_t_quantile(0.5 + 0.5 * rule.confidence, n - 1.0) *
               std::sqrt(sample.variance / n) <=
           wanted.size * (wanted.relative ? std::abs(sample.mean) : 1.0);
  };
  for (std::size_t count = rule.minimum; count <= sequence.size(); ++count) {
    const std::size_t end = count + look_ahead(rule, count);
    bool met = end <= sequence.size();
    for (std::size_t at = count; met && at <= end; ++at)
      met = is_met(at);
    if (met) return count;
  }
  return std::nullopt;
}

struct Coverage {
  double intervals = 0.0;  // part of them that holds the mean
  double mean_count = 0.0;
};

/// Of intervals at the stop, over keyed repetitions of values transform(standard normal).
template <class Transform>
Coverage measure_coverage(const StoppingRule& rule, double relative, double truth,
                          Transform transform) {
  constexpr std::uint32_t repetitions = 2000;
  const auto stream = population::stream_name("test", "coverage");
  Coverage coverage;
  for (std::uint32_t r = 0; r < repetitions; ++r) {
    const population::Draws draws{3, r};
    StoppingSearch search({{relative, true}}, rule);
    while (!search.stop()) {
      const auto number = static_cast<std::uint32_t>(search.count());
      const double value = transform(draws.normal(stream, 0, number));
      search.add(std::span(&value, 1));
    }
    const RunningMean& mean = search.means().front();
    if (std::abs(mean.mean() - truth) <= mean.half_width(rule.confidence))
      coverage.intervals += 1.0 / repetitions;
    coverage.mean_count += static_cast<double>(search.stop()->count) / repetitions;
  }
  return coverage;
}

/// Four standard errors of a part near 0.94 in 2000.
constexpr double coverage_tolerance = 4.0 * 0.0053;

}  // namespace

TEST_CASE("a rule stops where the interval is narrow enough", "[unit]") {
  CHECK(stop_of(known, {1.3, false}, {0.95, 3, 0}) == std::pair<std::size_t, std::size_t>(4, 4));
  CHECK(stop_of(known, {0.13, true}, {0.95, 3, 0}) == std::pair<std::size_t, std::size_t>(4, 4));
  CHECK(stop_of(known, {1.2, false}, {0.95, 3, 0}) == std::pair<std::size_t, std::size_t>(5, 5));
  CHECK(stop_of(known, {1.3, false}, {0.95, 5, 0}) == std::pair<std::size_t, std::size_t>(5, 5));
  // At 80% the third value suffices: 1.885618 · √(1/3) = 1.089.
  CHECK(stop_of(known, {1.3, false}, {0.80, 3, 0}) == std::pair<std::size_t, std::size_t>(3, 3));
  CHECK_FALSE(find_stop(known, {0.5, false}, {0.95, 3, 0}));
}

TEST_CASE("what is met has to stay so over the look-ahead", "[unit]") {
  // The sixth value breaks it; from the eleventh on it is met again.
  CHECK(stop_of(known, {1.3, false}, {0.95, 3, 1}) == std::pair<std::size_t, std::size_t>(4, 5));
  CHECK_FALSE(find_stop(known, {1.3, false}, {0.95, 3, 2}));
  auto longer = known;
  longer.push_back(10);
  CHECK(stop_of(longer, {1.3, false}, {0.95, 3, 2}) == std::pair<std::size_t, std::size_t>(11, 13));
  const StoppingRule rule{0.95, 3, 5};
  CHECK(look_ahead(rule, 3) == 5);
  CHECK(look_ahead(rule, 100) == 5);
  CHECK(look_ahead(rule, 120) == 6);
  CHECK(look_ahead(rule, 1000) == 50);
}

TEST_CASE("one pass finds what the rule states of each prefix", "[unit]") {
  const auto stream = population::stream_name("test", "prefix");
  for (std::uint32_t r = 0; r < 50; ++r) {
    std::vector<double> values(260);
    for (std::uint32_t i = 0; i < values.size(); ++i)
      values[i] = 10.0 + 6.0 * population::Draws{5, r}.normal(stream, 0, i);
    for (const StoppingRule rule :
         {StoppingRule{0.95, 3, 0}, StoppingRule{0.95, 3, 5}, StoppingRule{0.9, 20, 10}}) {
      for (const Precision wanted : {Precision{0.1, true}, Precision{1.2, false}}) {
        const auto stop = find_stop(values, wanted, rule);
        const auto stated = stated_rule(values, wanted, rule);
        REQUIRE(stop.has_value() == stated.has_value());
        if (stop) CHECK(stop->first_met == *stated);
      }
    }
  }
}

TEST_CASE("all series have to be known well enough at once", "[unit]") {
  StoppingSearch search({{1.3, false}, {1.3, false}}, {0.95, 3, 0});
  // The first is met at the fourth value, the fifth, and from the eleventh on; the second from the
  // sixth on, where it has three values.
  for (std::size_t i = 0; i < known.size(); ++i) {
    search.add(std::vector<double>{known[i], i < 3 ? missing : 5.0});
    if (i + 1 == 6) {
      CHECK(*search.widest() == 0);
      CHECK(search.excess(0) > 1.0);
      CHECK(search.excess(1) == 0.0);
    }
  }
  REQUIRE(search.stop());
  CHECK(search.stop()->count == 11);
}

TEST_CASE("missing values count for none", "[unit]") {
  const StoppingRule rule{0.95, 3, 0};
  StoppingSearch search({{1.0, false}, {1.0, false}}, rule);
  for (int i = 0; i < 2; ++i)
    search.add(std::vector<double>{5.0, missing});
  CHECK_FALSE(search.stop());
  SECTION("a series that never has a value is not judged") {
    search.add(std::vector<double>{5.0, missing});
    CHECK(search.stop()->count == 3);
  }
  SECTION("a series that has one needs the minimum") {
    for (int i = 0; i < 4; ++i)
      search.add(std::vector<double>{5.0, i % 2 == 0 ? 7.0 : missing});
    CHECK_FALSE(search.stop());
    CHECK(std::isinf(search.excess(1)));
    CHECK(*search.widest() == 1);
    CHECK(search.needed() == 6.0 * 3.0 / 2.0);
    search.add(std::vector<double>{missing, 7.0});
    CHECK(search.stop()->count == 7);
    CHECK(search.means()[0].count() == 6);
    CHECK(search.means()[1].count() == 3);
  }
}

TEST_CASE("nothing is known where no series has a value", "[unit]") {
  StoppingSearch search({{1.0, false}}, {0.95, 3, 0});
  for (int i = 0; i < 100; ++i)
    search.add(std::vector<double>{missing});
  CHECK_FALSE(search.stop());
  CHECK_FALSE(search.widest());
  CHECK(std::isinf(search.needed()));
}

TEST_CASE("no spread is narrow enough and a mean of 0 is never known in proportion", "[unit]") {
  const StoppingRule rule{0.95, 3, 2};
  CHECK(stop_of(std::vector<double>(9, 0.0), {0.05, true}, rule) ==
        std::pair<std::size_t, std::size_t>(3, 5));
  std::vector<double> around(1000, 1.0);
  for (std::size_t i = 1; i < around.size(); i += 2)
    around[i] = -1.0;
  StoppingSearch search({{0.05, true}}, rule);
  for (const double value : around)
    search.add(std::span(&value, 1));
  CHECK_FALSE(search.stop());
  CHECK(search.needed() > 1e15);
  CHECK(find_stop(around, {0.5, false}, rule));
}

TEST_CASE("what it would take grows with the square of the excess", "[unit]") {
  StoppingSearch search({{0.1, false}, {5.0, false}}, {0.95, 3, 0});
  for (const double value : known)
    search.add(std::vector<double>{value, value});
  const double half_width = search.means()[0].half_width(0.95);
  CHECK(std::abs(search.excess(0) - half_width / 0.1) < 1e-12);
  CHECK(std::abs(search.needed() - 12.0 * half_width * half_width * 100.0) < 1e-9);
}

TEST_CASE("a search takes no more after its stop, and no rule without an interval", "[unit]") {
  StoppingSearch search({{1.0, false}}, {0.95, 2, 0});
  for (const double value : {4.0, 4.0, 9.0})
    search.add(std::span(&value, 1));
  CHECK(search.count() == 2);
  CHECK(search.means()[0].mean() == 4.0);
  CHECK_THROWS_AS(StoppingSearch({{1.0, false}}, {0.95, 1, 0}), std::invalid_argument);
  CHECK_THROWS_AS(search.add(std::vector<double>{1.0, 2.0}), std::invalid_argument);
}

// The figures of stopping_rule.hpp.
TEST_CASE("intervals at the stop hold the mean as often as is stated", "[unit]") {
  const auto normal = [](double z) { return 10.0 + 4.0 * z; };
  const StoppingRule usual;
  const StoppingRule hasty{0.95, 3, 0};
  const auto at_ten = measure_coverage(usual, 0.1, 10.0, normal);
  CHECK(std::abs(at_ten.intervals - 0.946) < coverage_tolerance);
  CHECK(at_ten.intervals >= 0.93);
  CHECK(std::abs(at_ten.mean_count - 68.9) < 1.5);
  const auto at_quarter = measure_coverage(usual, 0.25, 10.0, normal);
  CHECK(std::abs(at_quarter.intervals - 0.948) < coverage_tolerance);
  const auto hasty_at_quarter = measure_coverage(hasty, 0.25, 10.0, normal);
  CHECK(std::abs(hasty_at_quarter.intervals - 0.916) < coverage_tolerance);
  CHECK(hasty_at_quarter.intervals < at_quarter.intervals - 0.01);
  const auto skewed =
      measure_coverage(usual, 0.1, std::exp(0.125), [](double z) { return std::exp(0.5 * z); });
  CHECK(std::abs(skewed.intervals - 0.938) < coverage_tolerance);
  CHECK(std::abs(skewed.mean_count - 113.6) < 3.0);
}
