#include "engine/population/filter_kernel.hpp"

#include <Random123/philox.h>
#include <cmath>
#include <memory>
#include <numeric>
#include <random>
#include <vector>

#include "tests/catch.hpp"

using namespace entente::population;

namespace {

/// Alternatives with two tastes, written by hand.
struct Sample {
  std::vector<float> row;  // common, price, characteristic
  std::vector<float> common, price, characteristic;
  std::vector<float> bound, before;
  std::vector<float> centre = {0.0F, 0.0F};
  std::vector<std::int32_t> place_of, product_at;
  Alternatives among;

  Sample(std::size_t count, float scale) {
    std::mt19937 random(3);
    std::uniform_real_distribution<float> uniform(-1.0F, 1.0F);
    const std::size_t width = AlternativeColumns::width(count);
    for (auto* column : {&common, &price, &characteristic, &bound, &before})
      column->assign(width, 0.0F);
    for (std::size_t j = 0; j < count; ++j) {
      common[j] = scale * uniform(random);
      price[j] = -scale * (1.0F + uniform(random));
      characteristic[j] = uniform(random);
      row.insert(row.end(), {common[j], price[j], characteristic[j]});
    }
    place_of.resize(count + 1);
    std::iota(place_of.begin(), place_of.end(), 0);
    product_at = place_of;
    among.count = count;
    among.tastes = 2;
    among.row = row.data();
    among.centre = centre.data();
    among.sensitivity_spread = 0.6F;
    among.sensitivity_shift = -0.1F;
    among.kept = 1.5F;
    among.place_of = place_of.data();
    among.product_at = product_at.data();
  }

  AlternativeColumns columns() const {
    return {common.data(), price.data(), characteristic.data()};
  }
  WeightBounds bounds() { return {bound.data(), before.data()}; }
  double weight(std::size_t j, double first, double second) const {
    const double multiplier = std::exp2(0.6 * first - 0.1);
    return std::exp2(static_cast<double>(common[j]) + multiplier * static_cast<double>(price[j]) +
                     second * static_cast<double>(characteristic[j]));
  }
};

}  // namespace

TEST_CASE("no consumer of a bin gives a product more weight than its bound", "[unit]") {
  for (const std::size_t count : {1U, 15U, 16U, 40U}) {
    for (const float scale : {1.0F, 10.0F}) {
      for (const float side : {0.0F, 0.02F, 0.1F}) {
        Sample sample(count, scale);
        for (const float corner : {-2.0F, -0.05F, 1.0F}) {
          const TasteBox box{{corner, -corner - side}, {corner + side, -corner}};
          bound_weights(sample.among, sample.columns(), box, sample.bounds());
          for (std::size_t j = 0; j < count; ++j) {
            double largest = 0.0;
            for (int i = 0; i <= 4; ++i) {
              for (int k = 0; k <= 4; ++k) {
                largest = std::max(
                    largest,
                    sample.weight(
                        j, static_cast<double>(corner + 0.25F * static_cast<float>(i) * side),
                        static_cast<double>(-corner - 0.25F * static_cast<float>(k) * side)));
              }
            }
            // Above, but by no more than a thousandth of a power.
            const double ratio = static_cast<double>(sample.bound[j]) / largest;
            CAPTURE(count, scale, side, corner, j);
            REQUIRE(ratio > 1.0 + 3e-4);
            REQUIRE(ratio < 1.0 + 1.2e-3);
          }
          float sum = 0.0F;
          for (std::size_t j = 0; j < sample.bound.size(); ++j) {
            if (j >= count) REQUIRE(sample.bound[j] == 0.0F);
            REQUIRE(sample.before[j] == sum);
            sum += sample.bound[j];
          }
        }
      }
    }
  }
}

TEST_CASE("bounds are worth while only where tastes are alike", "[unit]") {
  Sample sample(14, 1.0F);
  CHECK(
      bound_weights(sample.among, sample.columns(), {{0.0F, 0.0F}, {0.1F, 0.1F}}, sample.bounds()));
  CHECK_FALSE(bound_weights(sample.among, sample.columns(), {{0.0F, -2.0F}, {0.1F, 2.0F}},
                            sample.bounds()));
  CHECK_FALSE(bound_weights(sample.among, sample.columns(), {{-3.0F, 0.0F}, {3.0F, 0.0F}},
                            sample.bounds()));
}

// With all tastes at one point, what is left over is what the slack costs.
TEST_CASE("where all are alike nearly everyone takes the candidate", "[unit]") {
  for (const std::size_t count : {14U, 40U}) {
    Sample sample(count, 1.0F);
    bound_weights(sample.among, sample.columns(), {{0.5F, -0.25F}, {0.5F, -0.25F}},
                  sample.bounds());
    std::vector<std::uint32_t> taste(Deciders::room, 0);
    std::vector<std::uint32_t> taste_left(Deciders::room, 0);
    const auto deciders = std::make_unique<Deciders>();
    const auto left = std::make_unique<LeftOver>();
    deciders->taste = taste.data();
    left->deciders.taste = taste_left.data();
    deciders->words = left->deciders.words = 1;
    deciders->count = 4001;
    for (std::size_t i = 0; i < deciders->count; ++i) {
      deciders->place_held[i] = static_cast<std::uint32_t>(i | (i % (count + 1)) << 16U);
      deciders->word[i] = static_cast<std::uint32_t>(i) * 1'073'407U;  // evenly over all words
      taste[i] = 2048U | std::uint32_t{0x10000U - 1024U} << 16U;
    }
    std::vector<std::uint16_t> choice(Deciders::room, 0);
    const Hazards all{true, 0, UINT32_MAX, 0.0F, 0x1p-31F};
    choose_by_bounds(all, sample.among, sample.columns(), sample.bounds(), *deciders, choice.data(),
                     *left);
    CHECK(left->deciders.count < 20);
    for (std::size_t i = 0; i < left->deciders.count; ++i) {
      const std::uint32_t index = left->index[i];
      if (i > 0) CHECK(index > left->index[i - 1]);
      CHECK(left->deciders.place_held[i] == deciders->place_held[index]);
      CHECK(taste_left[i] == taste[index]);
    }
    for (std::size_t i = 0; i < deciders->count; ++i)
      REQUIRE(choice[i] <= count);
  }
}

TEST_CASE("who is left over gets the first word of a block of its own", "[unit]") {
  const DrawKey key{7, 3, 0x12345678U, 0x9abcdef0U, 5};
  const auto deciders = std::make_unique<Deciders>();
  deciders->count = 100;
  for (std::uint32_t i = 0; i < 100; ++i)
    deciders->place_held[i] = (i * 330U) | (i % 2U == 0 ? Deciders::newcomer : 0U) | 17U << 16U;
  draw_again(key, 4'000'000'000U, *deciders);
  for (std::uint32_t i = 0; i < 100; ++i) {
    const auto words = r123::Philox4x32_R<7>{}(
        {{key.stream_low, key.stream_high, key.quarter, 4'000'000'000U + i * 330U}},
        {{key.seed, key.replication}});
    REQUIRE(deciders->word[i] == words[0]);
  }
}
