// Compiled once for each instruction set that Highway knows here. Multiply and add stay apart, and
// a lane never reads another one's: so the bits do not depend on the width of a register.
#include "engine/population/agent_kernel.hpp"

#include <algorithm>

#undef HWY_TARGET_INCLUDE
#define HWY_TARGET_INCLUDE "engine/population/agent_kernel.cpp"
#include <hwy/foreach_target.h>
#include <hwy/highway.h>

#include "engine/population/decider-inl.hpp"
#include "engine/population/vector_float-inl.hpp"
#include "engine/population/vector_random-inl.hpp"

HWY_BEFORE_NAMESPACE();
namespace entente::population::HWY_NAMESPACE {

namespace hn = hwy::HWY_NAMESPACE;

/// A normal draw within a range, in steps. The word's first bit says from which end it counts, so
/// that both tails keep single precision.
HWY_INLINE VI draw_taste(F d, VU word, const TasteRange& range) {
  const I whole;
  const U u;
  const auto from_above = hn::RebindMask(d, hn::Lt(hn::BitCast(whole, word), hn::Zero(whole)));
  const auto bits = hn::BitCast(whole, hn::And(word, hn::Set(u, 0x7fffffffU)));
  const VF near = hn::Mul(hn::Add(hn::ConvertTo(d, bits), hn::Set(d, 0.5F)), hn::Set(d, 0x1p-32F));
  const VF far = hn::Sub(hn::Set(d, 1.0F), near);
  const VF width = hn::Set(d, range.width);
  const VF lower =
      hn::Add(hn::Set(d, range.below), hn::Mul(width, hn::IfThenElse(from_above, far, near)));
  const VF upper =
      hn::Add(hn::Set(d, range.above), hn::Mul(width, hn::IfThenElse(from_above, near, far)));
  const auto is_lower = hn::Le(lower, upper);
  const VF quantile = lower_normal_quantile(d, hn::Min(hn::Min(lower, upper), hn::Set(d, 0.5F)));
  const VF taste = hn::IfThenElse(is_lower, quantile, hn::Neg(quantile));
  return hn::NearestInt(hn::Mul(taste, hn::Set(d, 1.0F / taste_step)));
}

TasteExtent draw_tastes(const DrawKey& key, std::uint32_t first_number, std::size_t count, int pair,
                        const std::array<TasteRange, tastes_per_word>& ranges,
                        std::uint32_t* tastes) {
  const F d;
  const U u;
  const I whole;
  const std::size_t lanes = hn::Lanes(d);
  DrawKey own = key;
  own.stream_low += static_cast<std::uint32_t>(pair / 2);  // a block holds two pairs
  std::array<VI, 2> lowest;
  std::array<VI, 2> highest;
  for (std::size_t k = 0; k < 2; ++k) {
    lowest[k] = hn::Set(whole, INT32_MAX);
    highest[k] = hn::Set(whole, INT32_MIN);
  }
  HWY_ALIGN std::array<std::uint32_t, 16> last;
  for (std::size_t i = 0; i < count; i += lanes) {
    const VU number = hn::Iota(u, first_number + static_cast<std::uint32_t>(i));
    const auto words = draw_blocks(u, own, number);
    VI low = draw_taste(d, pair % 2 == 0 ? words.first : words.third, ranges[0]);
    VI high = draw_taste(d, pair % 2 == 0 ? words.second : words.fourth, ranges[1]);
    const VU both = hn::Or(hn::And(hn::BitCast(u, low), hn::Set(u, 0xffffU)),
                           hn::ShiftLeft<16>(hn::BitCast(u, high)));
    if (i + lanes <= count) {
      hn::StoreU(both, u, tastes + i);
    } else {
      hn::Store(both, u, last.data());
      std::copy_n(last.begin(), count - i, tastes + i);
      // How many lanes are over the end depends on the processor: they must not widen anything.
      const auto there = hn::FirstN(whole, count - i);
      low = hn::IfThenElse(there, low, hn::Set(whole, hn::GetLane(low)));
      high = hn::IfThenElse(there, high, hn::Set(whole, hn::GetLane(high)));
    }
    lowest[0] = hn::Min(lowest[0], low);
    lowest[1] = hn::Min(lowest[1], high);
    highest[0] = hn::Max(highest[0], low);
    highest[1] = hn::Max(highest[1], high);
  }
  TasteExtent extent;
  for (std::size_t k = 0; k < 2; ++k) {
    extent.lowest[k] = hn::GetLane(hn::MinOfLanes(whole, lowest[k]));
    extent.highest[k] = hn::GetLane(hn::MaxOfLanes(whole, highest[k]));
  }
  return extent;
}

constexpr std::size_t group_size = 64;  // consumers to 16 blocks of four words

/// A word for each consumer of a group, in order.
HWY_INLINE void draw_group(const DrawKey& key, std::uint32_t group, std::uint32_t* words) {
  const U u;
  const std::size_t lanes = hn::Lanes(u);
  for (std::size_t lane = 0; lane < 16; lane += lanes) {
    const auto drawn =
        draw_blocks(u, key, hn::Iota(u, group * 16 + static_cast<std::uint32_t>(lane)));
    hn::Store(drawn.first, u, words + lane);
    hn::Store(drawn.second, u, words + 16 + lane);
    hn::Store(drawn.third, u, words + 32 + lane);
    hn::Store(drawn.fourth, u, words + 48 + lane);
  }
}

template <std::size_t Words, bool AnyNew>
void find_with(const DrawKey& key, const Consumers& consumers, std::size_t begin, std::size_t end,
               const Hazards& hazards, Deciders& deciders) {
  const U u;
  const hn::Rebind<std::uint16_t, U> narrow;
  const std::size_t lanes = hn::Lanes(u);
  const VU last_active = hn::Set(u, hazards.last_active);
  const VU new_below = hn::Set(u, hazards.newcomer);
  // Copies, since what is written might else be them.
  const std::size_t tastes = Words == many ? deciders.words : Words;
  const std::uint32_t* const* const taste = consumers.taste;
  const std::uint32_t* const first_taste = tastes > 0 ? taste[0] : nullptr;
  const std::uint16_t* const held = consumers.held;
  std::uint32_t* const agent_out = deciders.place_held.data();
  std::uint32_t* const word_out = deciders.word.data();
  std::uint32_t* const taste_out = deciders.taste;
  std::size_t found = 0;
  HWY_ALIGN std::array<std::uint32_t, group_size> drawn;
  for (std::size_t group = begin; group < end; group += group_size) {
    draw_group(key, static_cast<std::uint32_t>((consumers.first_number + group) / group_size),
               drawn.data());
    for (std::size_t i = 0; i < group_size && group + i < end; i += lanes) {
      const std::size_t at = group + i;
      const VU word = hn::Load(u, drawn.data() + i);
      const VU place = hn::Iota(u, consumers.first_place + static_cast<std::uint32_t>(at));
      auto active = hn::Not(hn::Lt(last_active, word));
      // Arrays of consumers are padded: reading over the end is safe.
      if (HWY_UNLIKELY(at + lanes > end)) active = hn::And(active, hn::FirstN(u, end - at));
      VU agent = hn::Or(place, hn::ShiftLeft<16>(hn::PromoteTo(u, hn::LoadU(narrow, held + at))));
      if (AnyNew) {
        const auto is_new = hn::Lt(word, new_below);
        agent = hn::Or(agent, hn::IfThenElseZero(is_new, hn::Set(u, Deciders::newcomer)));
      }
      hn::StoreU(hn::Compress(agent, active), u, agent_out + found);
      hn::StoreU(hn::Compress(word, active), u, word_out + found);
      if (tastes > 0) {
        hn::StoreU(hn::Compress(hn::LoadU(u, first_taste + at), active), u, taste_out + found);
      }
      for (std::size_t w = 1; w < tastes; ++w) {
        hn::StoreU(hn::Compress(hn::LoadU(u, taste[w] + at), active), u,
                   taste_out + w * Deciders::room + found);
      }
      found += hn::CountTrue(u, active);
    }
  }
  deciders.count = found;
}

void find_deciders(const DrawKey& key, const Consumers& consumers, std::size_t begin,
                   std::size_t end, const Hazards& hazards, Deciders& deciders) {
  end = std::min(end, begin + chunk_size);
  const auto run = [&](auto find) { find(key, consumers, begin, end, hazards, deciders); };
  const bool any_new = hazards.newcomer > 0;
  switch (deciders.words) {
    case 0:
      return any_new ? run(find_with<0, true>) : run(find_with<0, false>);
    case 1:
      return any_new ? run(find_with<1, true>) : run(find_with<1, false>);
    case 2:
      return any_new ? run(find_with<2, true>) : run(find_with<2, false>);
    default:
      return any_new ? run(find_with<many, true>) : run(find_with<many, false>);
  }
}

/// Draws the choices of `Vectors` vectors of deciders side by side, so that one's waits are
/// another's work.
template <std::size_t Tastes, std::size_t Vectors>
HWY_INLINE void choose_some(const Hazards& hazards, const Alternatives& among,
                            const Deciders& deciders, std::size_t first, float* scratch,
                            std::uint16_t* choice) {
  const F d;
  const I whole;
  const std::size_t lanes = hn::Lanes(d);
  const hn::Rebind<std::uint16_t, F> narrow;
  const VF lowest = hn::Set(d, -126.0F);
  std::array<Decider<Tastes>, Vectors> decider;
  std::array<VF, Vectors> largest;
  std::array<VF, Vectors> inside;
  std::array<VF, Vectors> kept;
  // Where utilities are large the bonus is part of them, since its power might have no float.
  const auto with_bonus = [&](std::size_t v, std::size_t j, VI row_number) {
    const auto own = hn::RebindMask(d, hn::Eq(decider[v].held, row_number));
    return hn::Add(decider[v].utility(among, j), hn::IfThenElseZero(own, hn::Set(d, among.bonus)));
  };
  for (std::size_t v = 0; v < Vectors; ++v) {
    float* const tastes_of_many = scratch + (among.count * Vectors + v * among.tastes) * lanes;
    decider[v] = read_decider<Tastes>(among, deciders, first + v * lanes, tastes_of_many);
    largest[v] = inside[v] = kept[v] = hn::Zero(d);
    if (among.bounded) continue;
    largest[v] = with_bonus(v, 0, hn::Zero(whole));
    for (std::size_t j = 1; j < among.count; ++j) {
      const VI row = hn::Set(whole, static_cast<std::int32_t>(j));
      largest[v] = hn::Max(largest[v], with_bonus(v, j, row));
    }
  }
  VI row_number = hn::Zero(whole);
  for (std::size_t j = 0; j < among.count; ++j) {
    for (std::size_t v = 0; v < Vectors; ++v) {
      VF weight;
      if (among.bounded) {
        weight = exp2(d, decider[v].utility(among, j));
      } else {
        const VF utility = hn::Sub(with_bonus(v, j, row_number), largest[v]);
        weight = hn::IfThenElseZero(hn::Gt(utility, lowest), exp2(d, hn::Max(utility, lowest)));
      }
      inside[v] = hn::Add(inside[v], weight);
      hn::Store(inside[v], d, scratch + (j * Vectors + v) * lanes);
      const auto own = hn::RebindMask(d, hn::Eq(decider[v].held, row_number));
      kept[v] = hn::IfThenElse(own, weight, kept[v]);
    }
    row_number = hn::Add(row_number, hn::Set(whole, 1));
  }
  std::array<VF, Vectors> upto_outside;
  std::array<VF, Vectors> point;
  std::array<VI, Vectors> row;
  for (std::size_t v = 0; v < Vectors; ++v) {
    kept[v] = hn::Mul(kept[v], hn::Set(d, among.kept));
    upto_outside[v] =
        hn::Add(inside[v], outside_weight(among, hn::Add(inside[v], kept[v]), largest[v]));
    point[v] = hn::Mul(uniform_left(hazards, deciders, first + v * lanes),
                       hn::Add(upto_outside[v], kept[v]));
    row[v] = hn::Zero(whole);
  }
  const VI one = hn::Set(whole, 1);
  for (std::size_t j = 0; j < among.count; ++j) {
    for (std::size_t v = 0; v < Vectors; ++v) {
      const VF cumulative = hn::Load(d, scratch + (j * Vectors + v) * lanes);
      row[v] = hn::IfThenElse(hn::RebindMask(whole, hn::Le(cumulative, point[v])),
                              hn::Add(row[v], one), row[v]);
    }
  }
  for (std::size_t v = 0; v < Vectors; ++v) {
    // Without an outside good rounding may reach the end of the products.
    if (!among.outside_good)
      row[v] = hn::Min(row[v], hn::Set(whole, static_cast<std::int32_t>(among.count) - 1));
    const auto keeps = hn::And(hn::Ge(point[v], upto_outside[v]), hn::Gt(kept[v], hn::Zero(d)));
    VI product = hn::IfThenElse(hn::RebindMask(whole, keeps), decider[v].held, row[v]);
    if (!among.all_on_offer) product = hn::GatherIndex(whole, among.product_at, product);
    hn::StoreU(hn::DemoteTo(narrow, product), narrow, choice + first + v * lanes);
  }
}

template <std::size_t Tastes, std::size_t Vectors>
void choose_all(const Hazards& hazards, const Alternatives& among, const Deciders& deciders,
                float* scratch, std::uint16_t* choice) {
  const std::size_t step = Vectors * hn::Lanes(F());
  for (std::size_t i = 0; i < deciders.count; i += step)
    choose_some<Tastes, Vectors>(hazards, among, deciders, i, scratch, choice);
}

template <std::size_t Tastes>
void choose_with(const Hazards& hazards, const Alternatives& among, const Deciders& deciders,
                 float* scratch, std::uint16_t* choice) {
  // Two vectors at once keep the processor busy as long as their sums stay in the nearest cache.
  constexpr std::size_t many_products = 200;
  if (among.count < many_products) {
    choose_all<Tastes, 2>(hazards, among, deciders, scratch, choice);
  } else {
    choose_all<Tastes, 1>(hazards, among, deciders, scratch, choice);
  }
}

void choose_products(const Hazards& hazards, const Alternatives& alternatives,
                     const Deciders& deciders, float* scratch, std::uint16_t* choice) {
  if (alternatives.count == 0) {
    std::fill_n(choice, deciders.count, static_cast<std::uint16_t>(alternatives.product_at[0]));
    return;
  }
  const auto run = [&](auto choose) { choose(hazards, alternatives, deciders, scratch, choice); };
  switch (alternatives.tastes) {
    case 0:
      return run(choose_with<0>);
    case 1:
      return run(choose_with<1>);
    case 2:
      return run(choose_with<2>);
    case 3:
      return run(choose_with<3>);
    default:
      return run(choose_with<many>);
  }
}

}  // namespace entente::population::HWY_NAMESPACE
HWY_AFTER_NAMESPACE();

#if HWY_ONCE
namespace entente::population {

HWY_EXPORT(draw_tastes);
HWY_EXPORT(find_deciders);
HWY_EXPORT(choose_products);

TasteExtent draw_tastes(const DrawKey& key, std::uint32_t first_number, std::size_t count, int pair,
                        const std::array<TasteRange, tastes_per_word>& ranges,
                        std::uint32_t* tastes) {
  return HWY_DYNAMIC_DISPATCH(draw_tastes)(key, first_number, count, pair, ranges, tastes);
}

void find_deciders(const DrawKey& key, const Consumers& consumers, std::size_t begin,
                   std::size_t end, const Hazards& hazards, Deciders& deciders) {
  HWY_DYNAMIC_DISPATCH(find_deciders)(key, consumers, begin, end, hazards, deciders);
}

void choose_products(const Hazards& hazards, const Alternatives& alternatives,
                     const Deciders& deciders, float* scratch, std::uint16_t* choice) {
  HWY_DYNAMIC_DISPATCH(choose_products)
  (hazards, alternatives, deciders, scratch, choice);
}

}  // namespace entente::population
#endif
