#include "engine/population/individuals.hpp"

#include <algorithm>
#include <cmath>
#include <vector>

#include "tests/unit/engine/population/individual_choice.hpp"

using namespace entente;
using namespace entente::population;

namespace {

double normal_below(double z) {
  return 0.5 * std::erfc(-z / std::sqrt(2.0));
}

constexpr DrawKey key{7, 3, 0x12345678U, 0x9abcdef0U, 0};

}  // namespace

TEST_CASE("bins and blocks cover all individuals, in order and within bounds", "[unit]") {
  for (const auto& nodes : {std::vector<int>{}, {5}, {3, 2}, {2, 2, 2}}) {
    for (const std::size_t each : {1UL, 63UL, 5000UL, 100'003UL}) {
      const TasteDesign design = test::taste_design(nodes, true);
      std::vector<std::size_t> strata(static_cast<std::size_t>(design.node.rows()), each);
      strata[0] = nodes.empty() ? each : 0;
      const Individuals individuals = make_individuals(design, strata, key);
      CAPTURE(nodes.size(), each);
      std::size_t begin = 0;
      std::size_t bin = 0;
      std::uint64_t number = 0;
      std::vector<std::size_t> seated(strata.size(), 0);
      for (const AgentBlock& block : individuals.blocks) {
        REQUIRE(block.begin == begin);
        REQUIRE(block.count > 0);
        REQUIRE(block.count <= 32768);
        REQUIRE(block.first_bin == bin);
        for (; bin < block.last_bin; ++bin) {
          const AgentBin& one = individuals.bins[bin];
          REQUIRE(one.begin == begin);
          REQUIRE(one.count > 0);
          REQUIRE(one.first_number % 64 == 0);
          REQUIRE(one.first_number >= number);
          number = std::uint64_t{one.first_number} + one.count;
          begin += one.count;
        }
        REQUIRE(begin == block.begin + block.count);
        seated[static_cast<std::size_t>(block.stratum)] += block.count;
      }
      CHECK(bin == individuals.bins.size());
      CHECK(begin == individuals.count);
      CHECK(seated == strata);
      CHECK(individuals.taste.size() == (nodes.size() + 1) / 2);
    }
  }
}

// Each taste, put through the distribution of its stratum, is uniform: Kolmogorov's distance with a
// probability of a thousandth; bins only even it out.
TEST_CASE("tastes are standard normal and stay in their stratum", "[unit]") {
  for (const auto& nodes : {std::vector<int>{5}, {3, 2}, {2, 1, 3}, {1, 1}}) {
    const TasteDesign design = test::taste_design(nodes, true);
    const Eigen::Index strata = design.node.rows();
    std::vector<std::size_t> sizes;
    for (Eigen::Index s = 0; s < strata; ++s) {
      double weight = 1.0;
      for (Eigen::Index k = 0; k < design.node.cols(); ++k)
        weight *= 1.0 - design.below(s, k) - design.above(s, k);
      sizes.push_back(static_cast<std::size_t>(std::lround(400'000 * weight)));
    }
    const Individuals individuals = make_individuals(design, sizes, key);
    std::vector<std::vector<std::vector<double>>> uniform(
        static_cast<std::size_t>(strata), std::vector<std::vector<double>>(nodes.size()));
    std::vector<std::vector<double>> all(nodes.size());
    for (const AgentBlock& block : individuals.blocks) {
      const auto stratum = static_cast<std::size_t>(block.stratum);
      for (std::size_t agent = block.begin; agent < block.begin + block.count; ++agent) {
        const auto tastes = test::tastes_of(individuals, block.stratum, agent);
        for (std::size_t k = 0; k < tastes.size(); ++k) {
          const double below = design.below(block.stratum, static_cast<Eigen::Index>(k));
          const double above = design.above(block.stratum, static_cast<Eigen::Index>(k));
          const double u = (normal_below(tastes[k]) - below) / (1.0 - below - above);
          // Half a step beyond, by rounding; a step is the wider the denser the distribution.
          const double step = 0.6 / 4096.0 * 0.4 / (1.0 - below - above);
          REQUIRE(u > -step);
          REQUIRE(u < 1.0 + step);
          uniform[stratum][k].push_back(u);
          all[k].push_back(tastes[k]);
        }
      }
    }
    for (std::size_t k = 0; k < nodes.size(); ++k) {
      double moments[5] = {};
      for (const double z : all[k]) {
        double power = 1.0;
        for (double& moment : moments) {
          moment += power;
          power *= z;
        }
      }
      const double n = moments[0];
      CAPTURE(nodes.size(), k);
      CHECK(std::abs(moments[1] / n) < 4.5 * std::sqrt(1.0 / n));
      CHECK(std::abs(moments[2] / n - 1.0) < 4.5 * std::sqrt(2.0 / n));
      CHECK(std::abs(moments[3] / n) < 4.5 * std::sqrt(15.0 / n));
      CHECK(std::abs(moments[4] / n - 3.0) < 4.5 * std::sqrt(96.0 / n));
      // Tastes of one consumer have nothing to do with one another.
      for (std::size_t other = 0; other < k; ++other) {
        double product = 0.0;
        for (std::size_t i = 0; i < all[k].size(); ++i)
          product += all[k][i] * all[other][i];
        CHECK(std::abs(product / n) < 4.5 * std::sqrt(1.0 / n));
      }
      for (std::size_t stratum = 0; stratum < uniform.size(); ++stratum) {
        auto& values = uniform[stratum][k];
        std::sort(values.begin(), values.end());
        const auto count = static_cast<double>(values.size());
        double distance = 0.0;
        for (std::size_t i = 0; i < values.size(); ++i) {
          distance = std::max({distance, values[i] - static_cast<double>(i) / count,
                               static_cast<double>(i + 1) / count - values[i]});
        }
        CAPTURE(stratum, count);
        CHECK(distance < 1.95 / std::sqrt(count) + 1e-4);
      }
    }
  }
}

TEST_CASE("a bin's box is as large as its tastes reach, and bins part them", "[unit]") {
  for (const auto& nodes : {std::vector<int>{3}, {3, 2}, {1, 1, 2}}) {
    const TasteDesign design = test::taste_design(nodes, true);
    const std::vector<std::size_t> strata(static_cast<std::size_t>(design.node.rows()), 120'001);
    const Individuals individuals = make_individuals(design, strata, key);
    double widest_of_middle = 0.0;
    Eigen::VectorXd largest = Eigen::VectorXd::Zero(2);
    for (const AgentBlock& block : individuals.blocks) {
      for (std::size_t b = block.first_bin; b < block.last_bin; ++b) {
        const AgentBin& bin = individuals.bins[b];
        for (std::size_t k = 0; k < std::min<std::size_t>(2, nodes.size()); ++k) {
          double lowest = 1e9;
          double highest = -1e9;
          for (std::size_t agent = bin.begin; agent < bin.begin + bin.count; ++agent) {
            const double taste = test::tastes_of(individuals, block.stratum, agent)[k];
            lowest = std::min(lowest, taste);
            highest = std::max(highest, taste);
          }
          REQUIRE(static_cast<double>(bin.box.lowest[k]) == lowest);
          REQUIRE(static_cast<double>(bin.box.highest[k]) == highest);
          const auto place = static_cast<Eigen::Index>(k);
          largest[place] = std::max({largest[place], -lowest, highest});
          if (std::abs(lowest) < 1.0 && std::abs(highest) < 1.0)
            widest_of_middle = std::max(widest_of_middle, highest - lowest);
        }
      }
    }
    CAPTURE(nodes.size());
    CHECK(widest_of_middle > 0.0);
    CHECK(widest_of_middle < 0.6);
    for (std::size_t k = 0; k < std::min<std::size_t>(2, nodes.size()); ++k)
      CHECK(individuals.largest[static_cast<Eigen::Index>(k)] ==
            largest[static_cast<Eigen::Index>(k)]);
    for (Eigen::Index k = 2; k < individuals.largest.size(); ++k)
      CHECK(individuals.largest[k] > 6.3);
  }
}

TEST_CASE("individuals of types have no tastes of their own", "[unit]") {
  const TasteDesign design = test::taste_design({3, 2}, false);
  const Individuals individuals = make_individuals(design, std::vector<std::size_t>(6, 40000), key);
  CHECK(individuals.taste.empty());
  for (const AgentBlock& block : individuals.blocks) {
    for (std::size_t b = block.first_bin; b < block.last_bin; ++b) {
      for (std::size_t k = 0; k < 2; ++k) {
        const auto node =
            static_cast<float>(design.node(block.stratum, static_cast<Eigen::Index>(k)));
        CHECK(individuals.bins[b].box.lowest[k] == node);
        CHECK(individuals.bins[b].box.highest[k] == node);
      }
    }
  }
  CHECK(individuals.largest == Eigen::VectorXd(design.node.cwiseAbs().colwise().maxCoeff()));
}

TEST_CASE("more individuals than their numbers can tell apart are refused", "[unit]") {
  CHECK_THROWS_AS(make_individuals(test::taste_design({}, true), {std::size_t{1} << 33U}, key),
                  std::invalid_argument);
}
