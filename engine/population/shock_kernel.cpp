// Compiled once for each instruction set that Highway knows here. Multiply and add stay apart, and
// a lane never reads another one's: so the bits do not depend on the width of a register.
#include "engine/population/shock_kernel.hpp"

#include <algorithm>

#undef HWY_TARGET_INCLUDE
#define HWY_TARGET_INCLUDE "engine/population/shock_kernel.cpp"
#include <hwy/foreach_target.h>
#include <hwy/highway.h>

#include "engine/population/decider-inl.hpp"
#include "engine/population/vector_float-inl.hpp"
#include "engine/population/vector_random-inl.hpp"

HWY_BEFORE_NAMESPACE();
namespace entente::population::HWY_NAMESPACE {

namespace hn = hwy::HWY_NAMESPACE;

/// A uniform number in (0, 1) of 31 bits, and what it leaves of 1: each in single precision
/// towards its own 0.
struct Uniform {
  VF value;
  VF rest;
};

HWY_INLINE Uniform to_uniform(VU word) {
  const F d;
  const I whole;
  const VI bits = hn::BitCast(whole, hn::ShiftRight<1>(word));
  const auto part = [&](VI of) {
    return hn::Mul(hn::Add(hn::ConvertTo(d, of), hn::Set(d, 0.5F)), hn::Set(d, 0x1p-31F));
  };
  return {part(bits), part(hn::Sub(hn::Set(whole, INT32_MAX), bits))};
}

/// −log2 of a uniform number, exact to its last bits at both ends.
HWY_INLINE VF to_exponential(const Uniform& uniform) {
  const F d;
  auto binary = to_binary(d, uniform.value);
  const auto beside_one =
      hn::RebindMask(d, hn::Eq(binary.exponent, hn::Zero(hn::RebindToSigned<F>())));
  binary.over_one = hn::IfThenElse(beside_one, hn::Neg(uniform.rest), binary.over_one);
  return hn::Neg(hn::Add(hn::ConvertTo(d, binary.exponent), log2_beside_one(d, binary.over_one)));
}

/// A draw of the type I extreme value distribution over ln 2, less ln(ln 2)/ln 2, which all share:
/// −log2(−log2 u).
HWY_INLINE VF to_shock(VU word) {
  return hn::Neg(log2(F(), to_exponential(to_uniform(word))));
}

/// d in powers of 2, by the inverse of Lamperti's distribution: e^d = [sin πλu/sin πλ(1 −
/// u)]^(1/λ).
HWY_INLINE VF part_of_nest(VU word, float nesting) {
  const F d;
  const Uniform uniform = to_uniform(word);
  const VF turned = hn::Set(d, nesting);
  const VF missing = hn::Set(d, 1.0F - nesting);
  const auto log_sine = [&](VF of, VF other) {
    const VF left = hn::Mul(turned, of);
    const VF right = hn::Add(missing, hn::Mul(turned, other));
    return log2(d, sine_of_half_turns(d, hn::Min(left, right)));
  };
  return hn::Mul(
      hn::Sub(log_sine(uniform.value, uniform.rest), log_sine(uniform.rest, uniform.value)),
      hn::Set(d, 1.0F / nesting));
}

HWY_INLINE DrawKey of_stream(const DrawKey& key, std::uint64_t stream) {
  return {key.seed, key.replication, static_cast<std::uint32_t>(stream),
          static_cast<std::uint32_t>(stream >> 32U), key.quarter};
}

template <std::size_t Tastes>
void choose_best(const DrawKey& key, const Alternatives& among, const Deciders& deciders,
                 float* scratch, std::uint16_t* choice) {
  const F d;
  const U u;
  const I whole;
  const hn::Rebind<std::uint16_t, F> narrow;
  const VF inertia = hn::Set(d, among.bonus);
  const VI one = hn::Set(whole, 1);
  const VI outside = hn::Set(whole, static_cast<std::int32_t>(among.count));
  for (std::size_t i = 0; i < deciders.count; i += hn::Lanes(d)) {
    const auto decider = read_decider<Tastes>(among, deciders, i, scratch);
    const VU number = hn::Load(u, deciders.word.data() + i);
    VF best = hn::Set(d, -hwy::HighestValue<float>());
    VI best_row = hn::Zero(whole);
    VI row = hn::Zero(whole);
    for (std::size_t j = 0; j < among.count; ++j) {
      const auto own = hn::RebindMask(d, hn::Eq(decider.held, row));
      const VF shock =
          to_shock(draw_blocks(u, of_stream(key, among.shock_stream[j]), number).first);
      const VF value =
          hn::Add(hn::Add(decider.utility(among, j), hn::IfThenElseZero(own, inertia)), shock);
      const auto better = hn::Gt(value, best);
      best = hn::IfThenElse(better, value, best);
      best_row = hn::IfThenElse(hn::RebindMask(whole, better), row, best_row);
      row = hn::Add(row, one);
    }
    if (among.outside_good) {
      const auto words = draw_blocks(u, of_stream(key, among.shock_stream[among.count]), number);
      VF value = to_shock(words.first);
      if (among.nesting < 1.0F) value = hn::Sub(value, part_of_nest(words.second, among.nesting));
      best_row = hn::IfThenElse(hn::RebindMask(whole, hn::Lt(best, value)), outside, best_row);
    }
    if (!among.all_on_offer) best_row = hn::GatherIndex(whole, among.product_at, best_row);
    hn::StoreU(hn::DemoteTo(narrow, best_row), narrow, choice + i);
  }
}

void choose_by_shocks(const DrawKey& key, const Alternatives& alternatives,
                      const Deciders& deciders, float* scratch, std::uint16_t* choice) {
  if (alternatives.count == 0) {
    std::fill_n(choice, deciders.count, static_cast<std::uint16_t>(alternatives.product_at[0]));
    return;
  }
  const auto run = [&](auto choose) { choose(key, alternatives, deciders, scratch, choice); };
  switch (alternatives.tastes) {
    case 0:
      return run(choose_best<0>);
    case 1:
      return run(choose_best<1>);
    case 2:
      return run(choose_best<2>);
    case 3:
      return run(choose_best<3>);
    default:
      return run(choose_best<many>);
  }
}

}  // namespace entente::population::HWY_NAMESPACE
HWY_AFTER_NAMESPACE();

#if HWY_ONCE
namespace entente::population {

HWY_EXPORT(choose_by_shocks);

void choose_by_shocks(const DrawKey& key, const Alternatives& alternatives,
                      const Deciders& deciders, float* scratch, std::uint16_t* choice) {
  HWY_DYNAMIC_DISPATCH(choose_by_shocks)(key, alternatives, deciders, scratch, choice);
}

}  // namespace entente::population
#endif
