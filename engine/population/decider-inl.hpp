// What the kernels of choice read of one vector of deciders. Included once for each instruction
// set.
#if defined(ENTENTE_POPULATION_DECIDER_INL_HPP) == defined(HWY_TARGET_TOGGLE)
#ifdef ENTENTE_POPULATION_DECIDER_INL_HPP
#undef ENTENTE_POPULATION_DECIDER_INL_HPP
#else
#define ENTENTE_POPULATION_DECIDER_INL_HPP
#endif

#include <array>
#include <cstddef>
#include <cstdint>
#include <hwy/highway.h>

#include "engine/population/agent_kernel.hpp"
#include "engine/population/vector_float-inl.hpp"

HWY_BEFORE_NAMESPACE();
namespace entente::population::HWY_NAMESPACE {

namespace hn = hwy::HWY_NAMESPACE;

using F = hn::CappedTag<float, 16>;
using U = hn::RebindToUnsigned<F>;
using I = hn::RebindToSigned<F>;
using VF = hn::Vec<F>;
using VU = hn::Vec<U>;
using VI = hn::Vec<I>;

/// A word as a uniform number in [0, 1), of 24 bits.
HWY_INLINE VF to_unit(F d, VU word) {
  const I whole;
  const auto bits = hn::BitCast(whole, hn::ShiftRight<8>(word));
  return hn::Mul(hn::ConvertTo(d, bits), hn::Set(d, 0x1p-24F));
}

constexpr std::size_t many = 99;  // as many as there are: loops instead of unrolled code

/// What one vector of deciders is: tastes, and the row of what each holds (beyond the last: nothing
/// that is on offer).
template <std::size_t Tastes>
struct Decider {
  VF multiplier;
  std::array<VF, Tastes == 0 || Tastes == many ? 1 : Tastes> taste;
  const float* tastes_of_many = nullptr;
  VI held;

  static constexpr std::size_t slot(std::size_t k) { return Tastes == 0 ? 0 : k % Tastes; }

  HWY_INLINE VF utility(const Alternatives& among, std::size_t j) const {
    const F d;
    const std::size_t tastes = Tastes == many ? among.tastes : Tastes;
    const float* row = among.row + j * (1 + tastes);
    VF sum = hn::Set(d, row[0]);
    if (tastes > 0) sum = hn::Add(sum, hn::Mul(multiplier, hn::Set(d, row[1])));
    for (std::size_t k = 1; k < tastes; ++k) {
      const VF value =
          Tastes == many ? hn::Load(d, tastes_of_many + k * hn::Lanes(d)) : taste[slot(k)];
      sum = hn::Add(sum, hn::Mul(value, hn::Set(d, row[1 + k])));
    }
    return sum;
  }
};

HWY_INLINE VF read_taste(const Alternatives& among, const Deciders& deciders, std::size_t first,
                         std::size_t k) {
  const F d;
  const I whole;
  const VF centre = hn::Set(d, among.centre[k]);
  if (!among.stored) return centre;
  const std::uint32_t* words = deciders.taste + k / tastes_per_word * Deciders::room + first;
  const VI word = hn::BitCast(whole, hn::LoadU(U(), words));
  const VI steps = k % tastes_per_word == 0 ? hn::ShiftRight<16>(hn::ShiftLeft<16>(word))
                                            : hn::ShiftRight<16>(word);
  return hn::Add(centre, hn::Mul(hn::ConvertTo(d, steps), hn::Set(d, taste_step)));
}

template <std::size_t Tastes>
HWY_INLINE Decider<Tastes> read_decider(const Alternatives& among, const Deciders& deciders,
                                        std::size_t first, float* tastes_of_many) {
  const F d;
  const U u;
  const I whole;
  Decider<Tastes> decider;
  const std::size_t tastes = Tastes == many ? among.tastes : Tastes;
  decider.multiplier = hn::Set(d, 1.0F);
  if (tastes > 0) {
    const VF log_multiplier = hn::Add(
        hn::Mul(read_taste(among, deciders, first, 0), hn::Set(d, among.sensitivity_spread)),
        hn::Set(d, among.sensitivity_shift));
    decider.multiplier = exp2(d, log_multiplier);
  }
  for (std::size_t k = 1; k < tastes; ++k) {
    const VF value = read_taste(among, deciders, first, k);
    if (Tastes == many) {
      hn::Store(value, d, tastes_of_many + k * hn::Lanes(d));
    } else {
      decider.taste[decider.slot(k)] = value;
    }
  }
  decider.tastes_of_many = tastes_of_many;
  const VU word = hn::LoadU(u, deciders.place_held.data() + first);
  decider.held = hn::BitCast(whole, hn::ShiftRight<16>(word));
  if (!among.all_on_offer) decider.held = hn::GatherIndex(whole, among.place_of, decider.held);
  // A newcomer holds nothing, whatever those had whose place it takes.
  const auto is_new = hn::Ne(hn::And(word, hn::Set(u, Deciders::newcomer)), hn::Zero(u));
  decider.held =
      hn::IfThenElse(hn::RebindMask(whole, is_new),
                     hn::Set(whole, static_cast<std::int32_t>(among.count)), decider.held);
  return decider;
}

/// What a decider's word leaves to decide with: given that it is below the hazard it is uniform
/// there.
HWY_INLINE VF uniform_left(const Hazards& hazards, const Deciders& deciders, std::size_t first) {
  const F d;
  const U u;
  const I whole;
  VU word = hn::LoadU(u, deciders.word.data() + first);
  VF scale = hn::Set(d, hazards.active_scale);
  if (hazards.newcomer > 0) {
    const VU new_below = hn::Set(u, hazards.newcomer);
    const auto is_new = hn::Lt(word, new_below);
    word = hn::IfThenElse(is_new, word, hn::Sub(word, new_below));
    scale = hn::IfThenElse(hn::RebindMask(d, is_new), hn::Set(d, hazards.newcomer_scale), scale);
  }
  // Half of it, so that it fits a signed number.
  const VF half = hn::ConvertTo(d, hn::BitCast(whole, hn::ShiftRight<1>(word)));
  return hn::Min(hn::Mul(half, scale), hn::Set(d, 1.0F - 0x1p-24F));
}

/// The outside good's weight beside a nest's sum D·2^largest: D^(1 − λ), in units of 2^largest.
HWY_INLINE VF outside_weight(const Alternatives& among, VF inside, VF largest) {
  const F d;
  if (!among.outside_good) return hn::Zero(d);
  if (among.bounded && among.nesting == 1.0F) return hn::Set(d, 1.0F);
  const VF log_sum = hn::Add(log2(d, inside), largest);
  VF exponent = hn::Sub(hn::Mul(hn::Set(d, 1.0F - among.nesting), log_sum), largest);
  const VF highest = hn::Set(d, 126.0F);
  if (!among.bounded) exponent = hn::Min(hn::Max(exponent, hn::Neg(highest)), highest);
  return exp2(d, exponent);
}

}  // namespace entente::population::HWY_NAMESPACE
HWY_AFTER_NAMESPACE();
#endif
