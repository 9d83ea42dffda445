// Philox4x32-7 (Salmon et al. 2011), lane by lane. Included once for each instruction set.
#if defined(ENTENTE_POPULATION_VECTOR_RANDOM_INL_HPP) == defined(HWY_TARGET_TOGGLE)
#ifdef ENTENTE_POPULATION_VECTOR_RANDOM_INL_HPP
#undef ENTENTE_POPULATION_VECTOR_RANDOM_INL_HPP
#else
#define ENTENTE_POPULATION_VECTOR_RANDOM_INL_HPP
#endif

#include <array>
#include <hwy/highway.h>

#include "engine/population/draw_key.hpp"

HWY_BEFORE_NAMESPACE();
namespace entente::population::HWY_NAMESPACE {

namespace hn = hwy::HWY_NAMESPACE;

/// Four words of each lane's block.
template <class V>
struct Words {
  V first, second, third, fourth;
};

#if HWY_TARGET == HWY_SCALAR

template <class D, class V = hn::Vec<D>>
HWY_INLINE Words<V> draw_blocks(D d, const DrawKey& key, V number) {
  std::array<std::uint32_t, 4> x = {key.stream_low, key.stream_high, key.quarter,
                                    hn::GetLane(number)};
  std::uint32_t first_key = key.seed;
  std::uint32_t second_key = key.replication;
  for (int round = 0; round < philox_rounds; ++round) {
    const std::uint64_t first = std::uint64_t{philox_first_factor} * x[0];
    const std::uint64_t second = std::uint64_t{philox_second_factor} * x[2];
    x[0] = static_cast<std::uint32_t>(second >> 32U) ^ x[1] ^ first_key;
    x[1] = static_cast<std::uint32_t>(second);
    x[2] = static_cast<std::uint32_t>(first >> 32U) ^ x[3] ^ second_key;
    x[3] = static_cast<std::uint32_t>(first);
    first_key += philox_first_step;
    second_key += philox_second_step;
  }
  return {hn::Set(d, x[0]), hn::Set(d, x[1]), hn::Set(d, x[2]), hn::Set(d, x[3])};
}

#else

/// One block a 64-bit lane; the upper halves hold what nobody reads, since products take the lower.
template <class D64, class V64 = hn::Vec<D64>>
HWY_INLINE Words<V64> run_rounds(D64 d64, const DrawKey& key, V64 number) {
  const hn::Repartition<std::uint32_t, D64> d32;
  const auto first_factor = hn::BitCast(d32, hn::Set(d64, std::uint64_t{philox_first_factor}));
  const auto second_factor = hn::BitCast(d32, hn::Set(d64, std::uint64_t{philox_second_factor}));
  const auto times = [&](V64 a, auto factor) { return hn::MulEven(hn::BitCast(d32, a), factor); };
  const auto value = [&](std::uint32_t word) { return hn::Set(d64, std::uint64_t{word}); };
  Words<V64> x{value(key.stream_low), value(key.stream_high), value(key.quarter), number};
  std::uint32_t first_key = key.seed;
  std::uint32_t second_key = key.replication;
  HWY_UNROLL(philox_rounds)
  for (int round = 0; round < philox_rounds; ++round) {
    const V64 first = times(x.first, first_factor);
    const V64 second = times(x.third, second_factor);
    x = {hn::Xor(hn::Xor(hn::ShiftRight<32>(second), x.second), value(first_key)), second,
         hn::Xor(hn::Xor(hn::ShiftRight<32>(first), x.fourth), value(second_key)), first};
    first_key += philox_first_step;
    second_key += philox_second_step;
  }
  return x;
}

/// The blocks with the given numbers.
template <class D, class V = hn::Vec<D>>
HWY_INLINE Words<V> draw_blocks(D d, const DrawKey& key, V number) {
  const hn::RepartitionToWide<D> wide;
  const auto numbers = hn::BitCast(wide, number);
  const auto even = run_rounds(wide, key, numbers);
  const auto odd = run_rounds(wide, key, hn::ShiftRight<32>(numbers));
  const auto join = [&](auto from_even, auto from_odd) {
    return hn::OddEven(hn::BitCast(d, hn::ShiftLeft<32>(from_odd)), hn::BitCast(d, from_even));
  };
  return {join(even.first, odd.first), join(even.second, odd.second), join(even.third, odd.third),
          join(even.fourth, odd.fourth)};
}

#endif

}  // namespace entente::population::HWY_NAMESPACE
HWY_AFTER_NAMESPACE();
#endif
