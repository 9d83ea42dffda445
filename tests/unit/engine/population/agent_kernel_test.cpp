#include "engine/population/agent_kernel.hpp"

#include <Random123/philox.h>
#include <array>
#include <cmath>
#include <memory>
#include <vector>

#include "engine/population/normal_quantile.hpp"
#include "tests/catch.hpp"

using namespace entente::population;

namespace {

using Philox = r123::Philox4x32_R<7>;
using Block = std::array<std::uint32_t, 4>;

Block draw_block(const DrawKey& key, std::uint32_t number) {
  const auto words = Philox{}({{key.stream_low, key.stream_high, key.quarter, number}},
                              {{key.seed, key.replication}});
  return {words[0], words[1], words[2], words[3]};
}

constexpr DrawKey any_key{7, 3, 0x12345678U, 0x9abcdef0U, 5};
constexpr Hazards all{true, 0, UINT32_MAX, 0.0F, 0x1p-31F};

/// Everyone who is active of `count` consumers without tastes, chunk by chunk.
struct Active {
  std::vector<std::uint32_t> place;
  std::vector<std::uint32_t> word;
  std::vector<bool> is_new;
  std::vector<std::uint32_t> held;
};

Active find_all(const DrawKey& key, std::uint32_t first_number, std::size_t count,
                const Hazards& hazards) {
  std::vector<std::uint16_t> held(count + vector_padding);
  for (std::size_t i = 0; i < held.size(); ++i)
    held[i] = static_cast<std::uint16_t>(i % 60000);
  const auto deciders = std::make_unique<Deciders>();
  Active active;
  for (std::size_t begin = 0; begin < count; begin += chunk_size) {
    // Places take 15 bits: a block at a time.
    const Consumers consumers{held.data(), nullptr, first_number, 0};
    find_deciders(key, consumers, begin, count, hazards, *deciders);
    for (std::size_t i = 0; i < deciders->count; ++i) {
      const std::uint32_t word = deciders->place_held[i];
      active.place.push_back(word & Deciders::place_mask);
      active.is_new.push_back((word & Deciders::newcomer) != 0);
      active.held.push_back(word >> 16U);
      active.word.push_back(deciders->word[i]);
    }
  }
  return active;
}

std::int16_t taste_of(std::uint32_t word, int k) {
  return static_cast<std::int16_t>(k == 0 ? word & 0xffffU : word >> 16U);
}

}  // namespace

// Random123's own kat_vectors, philox4x32 with 7 rounds.
TEST_CASE("Random123's generator has the published answers", "[unit]") {
  constexpr std::uint32_t ones = UINT32_MAX;
  CHECK(draw_block({0, 0, 0, 0, 0}, 0) ==
        Block{0x5f6fb709U, 0x0d893f64U, 0x4f121f81U, 0x4f730a48U});
  CHECK(draw_block({ones, ones, ones, ones, ones}, ones) ==
        Block{0x5207ddc2U, 0x45165e59U, 0x4d8ee751U, 0x8c52f662U});
  CHECK(draw_block({0xa4093822U, 0x299f31d0U, 0x243f6a88U, 0x85a308d3U, 0x13198a2eU},
                   0x03707344U) == Block{0x4dfccabaU, 0x190a87f0U, 0xc47362baU, 0xb6b5242aU});
}

TEST_CASE("words of consumers have the published answers of Philox4x32-7", "[unit]") {
  // Consumers 0, 16, 32 and 48 of a group share block 16·group.
  const Active zeros = find_all({0, 0, 0, 0, 0}, 0, 64, all);
  REQUIRE(zeros.word.size() == 64);
  CHECK(Block{zeros.word[0], zeros.word[16], zeros.word[32], zeros.word[48]} ==
        Block{0x5f6fb709U, 0x0d893f64U, 0x4f121f81U, 0x4f730a48U});
  // Block 0x03707344 is lane 4 of group 0x370734.
  const Active digits_of_pi = find_all(
      {0xa4093822U, 0x299f31d0U, 0x243f6a88U, 0x85a308d3U, 0x13198a2eU}, 0x370734U * 64U, 64, all);
  CHECK(Block{digits_of_pi.word[4], digits_of_pi.word[20], digits_of_pi.word[36],
              digits_of_pi.word[52]} == Block{0x4dfccabaU, 0x190a87f0U, 0xc47362baU, 0xb6b5242aU});
}

TEST_CASE("each consumer has a word of its own, whatever the others", "[unit]") {
  for (const std::uint32_t first_number :
       {0U, 64U, 1'000'000U / 64U * 64U, 4'294'960'000U / 64U * 64U}) {
    const Active active = find_all(any_key, first_number, 6005, all);
    REQUIRE(active.word.size() == 6005);
    for (std::uint32_t i = 0; i < 6005; ++i) {
      const std::uint32_t number = first_number + i;
      const Block block = draw_block(any_key, number / 64U * 16U + number % 16U);
      REQUIRE(active.word[i] == block[number % 64U / 16U]);
      REQUIRE(active.place[i] == i);
      REQUIRE(active.held[i] == i);
      REQUIRE_FALSE(active.is_new[i]);
    }
  }
}

TEST_CASE("who is active is who has a word up to the hazard, in order", "[unit]") {
  const Active everyone = find_all(any_key, 64, 9000, all);
  Hazards hazards = all;
  hazards.newcomer = 300'000'000U;
  hazards.last_active = 1'100'000'000U;
  const Active some = find_all(any_key, 64, 9000, hazards);
  std::size_t next = 0;
  for (std::size_t i = 0; i < everyone.word.size(); ++i) {
    if (everyone.word[i] > hazards.last_active) continue;
    REQUIRE(next < some.word.size());
    REQUIRE(some.word[next] == everyone.word[i]);
    REQUIRE(some.place[next] == everyone.place[i]);
    REQUIRE(some.held[next] == everyone.held[i]);
    REQUIRE(some.is_new[next] == (everyone.word[i] < hazards.newcomer));
    ++next;
  }
  CHECK(next == some.word.size());
  CHECK(std::abs(static_cast<double>(next) - 9000.0 * 0.256) < 200.0);
}

TEST_CASE("tastes are the normal quantiles of a consumer's words", "[unit]") {
  constexpr std::uint32_t first_number = 128;
  constexpr std::size_t count = 20011;
  const std::array<TasteRange, 2> whole = {};
  // A slice next to the upper end and one in the middle.
  const std::array<TasteRange, 2> part = {TasteRange{0.97F, 0.0F, 0.03F},
                                          TasteRange{0.3F, 0.45F, 0.25F}};
  for (const auto& ranges : {whole, part}) {
    for (const int pair : {0, 1, 2}) {
      std::vector<std::uint32_t> tastes(count, 0);
      const TasteExtent extent =
          draw_tastes(any_key, first_number, count, pair, ranges, tastes.data());
      std::array<std::int32_t, 2> lowest = {INT32_MAX, INT32_MAX};
      std::array<std::int32_t, 2> highest = {INT32_MIN, INT32_MIN};
      DrawKey own = any_key;
      own.stream_low += static_cast<std::uint32_t>(pair / 2);
      for (std::uint32_t i = 0; i < count; ++i) {
        const Block block = draw_block(own, first_number + i);
        for (int k = 0; k < 2; ++k) {
          const auto place = static_cast<std::size_t>(k);
          const std::uint32_t word = block[2 * static_cast<std::size_t>(pair % 2) + place];
          const double near = (static_cast<double>(word & 0x7fffffffU) + 0.5) * 0x1p-32;
          const bool from_above = word >= 0x80000000U;
          const TasteRange& range = ranges[place];
          const double width = static_cast<double>(range.width);
          const double lower =
              static_cast<double>(range.below) + width * (from_above ? 1.0 - near : near);
          const double upper =
              static_cast<double>(range.above) + width * (from_above ? near : 1.0 - near);
          const double quantile =
              lower < upper ? lower_normal_quantile(lower) : -lower_normal_quantile(upper);
          const std::int16_t steps = taste_of(tastes[i], k);
          REQUIRE(std::abs(steps - quantile * 4096.0) < 0.6);
          lowest[place] = std::min<std::int32_t>(lowest[place], steps);
          highest[place] = std::max<std::int32_t>(highest[place], steps);
        }
      }
      CHECK(extent.lowest == lowest);
      CHECK(extent.highest == highest);
    }
  }
}
