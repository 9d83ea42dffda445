#pragma once

#include <array>
#include <cstddef>
#include <cstdint>

#include "engine/population/draw_key.hpp"

namespace entente::population {

// Vector kernels over individuals, chosen at run time by the processor; the same bits on any.

/// Tastes are standard normal numbers in steps of 1/4096, two of a consumer in one word: an error
/// of a hundredth of a percent of a standard deviation, a quarter of the memory of doubles.
inline constexpr float taste_step = 0x1p-12F;
inline constexpr int tastes_per_word = 2;

/// Consumers that are looked at together; lists of deciders hold as many.
inline constexpr std::size_t chunk_size = 4096;

/// Vectors may write, and read, so far over the end.
inline constexpr std::size_t vector_padding = 64;

/// The part of the normal distribution that a stratum draws from: its probability below and above,
/// and the width between.
struct TasteRange {
  float below = 0.0F;
  float above = 0.0F;
  float width = 1.0F;
};

/// The least and the largest of a word's two tastes, in steps.
struct TasteExtent {
  std::array<std::int32_t, tastes_per_word> lowest = {};
  std::array<std::int32_t, tastes_per_word> highest = {};
};

/// Writes tastes 2·pair and 2·pair + 1 of `count` consumers, drawn within the ranges. The consumer
/// at place i has the number first_number + i.
TasteExtent draw_tastes(const DrawKey& key, std::uint32_t first_number, std::size_t count, int pair,
                        const std::array<TasteRange, tastes_per_word>& ranges,
                        std::uint32_t* tastes);

/// Who is active, by one word a consumer: newcomers below the first number, all who are active up
/// to the second. What is left of the word is uniform, and the choice is made with it.
struct Hazards {
  bool any = true;
  std::uint32_t newcomer = 0;
  std::uint32_t last_active = 0;
  float newcomer_scale = 0.0F;  // 2 over the numbers that newcomers have
  float active_scale = 0.0F;    // 2 over those that the others have
};

/// Who decides this quarter, as a list of what the decision needs.
struct Deciders {
  static constexpr std::size_t room = chunk_size + vector_padding;
  static constexpr std::uint32_t place_mask = 0x7fffU;
  static constexpr std::uint32_t newcomer = 0x8000U;
  /// Place in the block, the newcomer's flag, product held << 16.
  alignas(64) std::array<std::uint32_t, room> place_held = {};
  /// To draw the choice with, or the decider's number.
  alignas(64) std::array<std::uint32_t, room> word = {};
  std::size_t count = 0;
  std::size_t words = 0;           // of tastes
  std::uint32_t* taste = nullptr;  // words × room
};

/// A run of consumers as they are stored.
struct Consumers {
  const std::uint16_t* held = nullptr;
  const std::uint32_t* const* taste = nullptr;  // words, each over all consumers
  std::uint32_t first_number = 0;               // of the first consumer; a multiple of 64
  std::uint32_t first_place = 0;                // of the first consumer in its block
};

/// Lists the active among consumers [begin, begin + chunk_size) up to `end`, in order. begin: a
/// multiple of chunk_size.
void find_deciders(const DrawKey& key, const Consumers& consumers, std::size_t begin,
                   std::size_t end, const Hazards& hazards, Deciders& deciders);

/// What deciders choose among, at one quarter's prices, for consumers of one stratum. Utilities are
/// divided by λ and in powers of 2.
struct Alternatives {
  std::size_t count = 0;       // products on offer
  std::size_t tastes = 0;      // of a consumer: price sensitivity first, then characteristics
  bool stored = true;          // whether consumers have tastes of their own beside the centre
  const float* row = nullptr;  // count × (1 + tastes): common utility, price term, characteristics
  const float* centre = nullptr;    // tastes, of the stratum
  float sensitivity_spread = 0.0F;  // multiplier of the price term: 2^(spread·taste + shift)
  float sensitivity_shift = 0.0F;
  float nesting = 1.0F;  // λ
  bool outside_good = true;
  bool bounded = true;       // no utility with the bonus reaches ±110
  bool all_on_offer = true;  // rows are products
  float kept = 0.0F;         // bounded: e^(inertia/λ) − 1
  float bonus = 0.0F;        // of the product held, added to its utility where that is not enough
  const std::int32_t* place_of = nullptr;       // J + 1, row of a product; count: none
  const std::int32_t* product_at = nullptr;     // count + 1; the last is the outside good, J
  const std::uint64_t* shock_stream = nullptr;  // count + 1, or none: choices are drawn
};

/// The choice of each decider by the inverse of its cumulative probabilities, in single precision:
/// product, or J for the outside good. scratch: 64-byte aligned;
/// choice: deciders.count + vector_padding long.
void choose_products(const Hazards& hazards, const Alternatives& alternatives,
                     const Deciders& deciders, float* scratch, std::uint16_t* choice);

/// Length of `scratch`.
constexpr std::size_t scratch_size(std::size_t alternatives, std::size_t tastes) {
  return (alternatives + tastes + 1) * 32;
}

}  // namespace entente::population
