#pragma once

#include <array>
#include <cstddef>
#include <cstdint>

#include "engine/population/agent_kernel.hpp"

namespace entente::population {

/// The tastes of a bin of consumers, at least and at most. Bins are made of the first two.
struct TasteBox {
  std::array<float, 2> lowest = {};
  std::array<float, 2> highest = {};
};

/// Alternatives column by column, each `width(count)` long, zeros behind the last.
struct AlternativeColumns {
  const float* common = nullptr;
  const float* price = nullptr;
  const float* characteristic = nullptr;

  static constexpr std::size_t width(std::size_t count) { return (count + 16) / 16 * 16 + 16; }
};

/// What no consumer of a bin gives more weight than: one value a row, and their sums.
struct WeightBounds {
  float* bound = nullptr;  // width(count), 0 behind the last row
  float* before =
      nullptr;  // width(count): of the rows before; that of row `count` is the sum of all
};

/// Fills bounds for a box. Says whether they are worth while: no weight of a product in the box is
/// below a quarter of its bound.
bool bound_weights(const Alternatives& alternatives, const AlternativeColumns& columns,
                   const TasteBox& box, const WeightBounds& bounds);

/// Deciders left over, with their places in the list they are from.
struct LeftOver {
  Deciders deciders;
  alignas(64) std::array<std::uint32_t, Deciders::room> index = {};
};

/// Choices by exact rejection: a candidate is drawn by its bound, and taken with probability
/// weight/bound, for which what is left of the uniform within the candidate's part serves. Most
/// deciders have chosen then at the price of one weight; those who have not are left over, and
/// their choice, made afresh by all weights, follows the same distribution. Plain logit, at most
/// two tastes. choice: deciders.count + vector_padding long.
void choose_by_bounds(const Hazards& hazards, const Alternatives& alternatives,
                      const AlternativeColumns& columns, const WeightBounds& bounds,
                      const Deciders& deciders, std::uint16_t* choice, LeftOver& left);

/// Another word for each decider. The one at place i has the number first_number + i.
void draw_again(const DrawKey& key, std::uint32_t first_number, Deciders& deciders);

}  // namespace entente::population
