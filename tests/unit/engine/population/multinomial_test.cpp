#include "engine/population/multinomial.hpp"

#include <cmath>
#include <map>
#include <stdexcept>
#include <vector>

#include "engine/population/binomial.hpp"
#include "tests/catch.hpp"
#include "tests/unit/engine/population/chi_square.hpp"

using namespace entente;
using namespace entente::population;

namespace {

const Draws any_draws{2, 9};

Counts draw(std::int64_t trials, const Eigen::ArrayXd& weight, std::uint64_t number) {
  return draw_multinomial(trials, weight, any_draws,
                          substream(stream_name("multinomial", "test"), number), 4);
}

}  // namespace

// Two trials of 0.5, 0.3 and 0.2: 0.25, 0.3, 0.2, 0.09, 0.12 and 0.04.
TEST_CASE("two trials over three outcomes worked by hand", "[unit]") {
  const Eigen::Array3d weight(0.5, 0.3, 0.2);
  std::map<std::pair<std::int64_t, std::int64_t>, double> seen;
  constexpr int count = 100'000;
  for (int i = 0; i < count; ++i) {
    const Counts counts = draw(2, weight, static_cast<std::uint64_t>(i));
    REQUIRE(counts.sum() == 2);
    ++seen[{counts[0], counts[1]}];
  }
  const std::vector<double> observed = {seen[{2, 0}], seen[{1, 1}], seen[{1, 0}],
                                        seen[{0, 2}], seen[{0, 1}], seen[{0, 0}]};
  const std::vector<double> expected = {0.25 * count, 0.30 * count, 0.20 * count,
                                        0.09 * count, 0.12 * count, 0.04 * count};
  CHECK(std::abs(test::chi_square_score(observed, expected)) < 4.0);
}

// Cov(i, j) = n (p_i·1[i=j] − p_i p_j); a product of two standard normals of correlation r has
// variance 1 + r².
TEST_CASE("outcomes of many trials vary together as a multinomial's", "[unit]") {
  const Eigen::Array4d probability(0.1, 0.0, 0.65, 0.25);
  constexpr int count = 20'000;
  constexpr double trials = 1e9;
  Eigen::Matrix4d products = Eigen::Matrix4d::Zero();
  Eigen::Vector4d sums = Eigen::Vector4d::Zero();
  for (int i = 0; i < count; ++i) {
    const Counts counts = draw(1'000'000'000, probability, static_cast<std::uint64_t>(i));
    REQUIRE(counts.sum() == 1'000'000'000);
    REQUIRE(counts[1] == 0);
    const Eigen::Vector4d deviation =
        (counts.cast<double>() - trials * probability.matrix()) / std::sqrt(trials);
    sums += deviation;
    products += deviation * deviation.transpose();
  }
  for (int i = 0; i < 4; ++i) {
    const double own = probability[i] * (1.0 - probability[i]);
    CHECK(std::abs(sums[i]) <= 4.0 * std::sqrt(own * count));
    for (int j = 0; j < 4; ++j) {
      const double expected = i == j ? own : -probability[i] * probability[j];
      const double other = probability[j] * (1.0 - probability[j]);
      CHECK(std::abs(products(i, j) - count * expected) <=
            4.0 * std::sqrt((own * other + expected * expected) * count));
    }
  }
}

TEST_CASE("the last outcome with weight takes all that is left", "[unit]") {
  const Eigen::Array4d rounded(0.1, 0.2, 0.7 - 1e-16, 0.0);
  for (std::uint64_t number = 0; number < 200; ++number) {
    const Counts counts = draw(most_trials, rounded, number);
    REQUIRE(counts[3] == 0);
    REQUIRE(counts.sum() == most_trials);
  }
  const Counts all = draw(5, Eigen::Array3d(0.0, 1e-300, 0.0), 0);
  CHECK(all == Eigen::Matrix<std::int64_t, 3, 1>(0, 5, 0));
}

TEST_CASE("each outcome draws from a substream of its own", "[unit]") {
  const Eigen::Array3d weight(0.5, 0.3, 0.2);
  const std::uint64_t stream = stream_name("multinomial", "own");
  const Counts counts = draw_multinomial(1000, weight, any_draws, stream, 4);
  KeyedGenerator first(any_draws, substream(stream, 0), 4);
  CHECK(counts[0] == draw_binomial(1000, 0.5, first));
  KeyedGenerator second(any_draws, substream(stream, 1), 4);
  CHECK(counts[1] == draw_binomial(1000 - counts[0], 0.3 / (0.2 + 0.3), second));
}

TEST_CASE("weights that sum to nothing are refused unless nobody draws", "[unit]") {
  CHECK(draw(0, Eigen::Array2d::Zero(), 0).sum() == 0);
  CHECK_THROWS_AS(draw(1, Eigen::Array2d::Zero(), 0), std::invalid_argument);
  CHECK_THROWS_AS(draw(1, Eigen::Array2d(-0.5, 1.0), 0), std::invalid_argument);
}
