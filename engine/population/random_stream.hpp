#pragma once

#include <array>
#include <cstdint>
#include <string_view>

namespace entente::population {

/// 64-bit name of a stream of draws: what is drawn, for whom.
std::uint64_t stream_name(std::string_view purpose, std::string_view entity);

/// The stream of a numbered part of what a stream is for: a cell, a round, one draw of several.
/// Parts of one stream never meet: it is SplitMix64's sequence (Steele, Lea & Flood 2014).
std::uint64_t substream(std::uint64_t stream, std::uint64_t part);

/// Keyed random draws: a draw is a pure function of (seed, replication, stream, quarter, number),
/// so its value depends neither on threads, nor on order, nor on what else is in the scenario.
/// Philox4x32-10 (Salmon et al. 2011): key = (seed, replication), counter = (stream, quarter,
/// number).
struct Draws {
  std::uint32_t seed = 0;
  std::uint32_t replication = 0;

  /// One block of 128 random bits.
  std::array<std::uint32_t, 4> block(std::uint64_t stream, std::uint32_t quarter,
                                     std::uint32_t number) const;

  /// Uniform on [0, 1), 53 bits.
  double uniform(std::uint64_t stream, std::uint32_t quarter, std::uint32_t number = 0) const;

  /// Standard normal, by inversion of the uniform.
  double normal(std::uint64_t stream, std::uint32_t quarter, std::uint32_t number = 0) const;

  /// Whether a hazard fires: the keyed uniform is below it, so a larger hazard never fires later.
  bool fires(double hazard, std::uint64_t stream, std::uint32_t quarter) const {
    return uniform(stream, quarter) < hazard;
  }
};

/// The bits behind one block as a generator for Boost.Random's distributions. Ends (throws
/// std::logic_error) after the four words of its block: a draw that needs more takes another
/// number.
class BlockGenerator {
 public:
  using result_type = std::uint32_t;
  explicit BlockGenerator(const std::array<std::uint32_t, 4>& words) : words_(words) {}
  static constexpr result_type min() { return 0; }
  static constexpr result_type max() { return UINT32_MAX; }
  result_type operator()();

 private:
  std::array<std::uint32_t, 4> words_;
  std::size_t next_ = 0;
};

/// Uniform numbers without end of one stream and quarter, for draws that reject candidates: the
/// blocks of numbers 0, 1, 2 and so on, two uniforms each.
class KeyedGenerator {
 public:
  KeyedGenerator(const Draws& draws, std::uint64_t stream, std::uint32_t quarter)
      : draws_(draws), stream_(stream), quarter_(quarter) {}

  /// The next uniform on [0, 1), 53 bits.
  double uniform();

 private:
  Draws draws_;
  std::uint64_t stream_;
  std::uint32_t quarter_;
  std::uint32_t next_block_ = 0;
  std::array<std::uint32_t, 4> words_{};
  std::size_t next_word_ = 4;
};

}  // namespace entente::population
