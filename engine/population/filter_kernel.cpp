// Compiled once for each instruction set that Highway knows here; the rules of agent_kernel.cpp.
#include "engine/population/filter_kernel.hpp"

#include <algorithm>

#undef HWY_TARGET_INCLUDE
#define HWY_TARGET_INCLUDE "engine/population/filter_kernel.cpp"
#include <hwy/foreach_target.h>
#include <hwy/highway.h>

#include "engine/population/decider-inl.hpp"
#include "engine/population/vector_float-inl.hpp"
#include "engine/population/vector_random-inl.hpp"

HWY_BEFORE_NAMESPACE();
namespace entente::population::HWY_NAMESPACE {

namespace hn = hwy::HWY_NAMESPACE;

/// The multiplier of the price term at a taste.
HWY_INLINE VF multiplier_at(const Alternatives& among, VF taste) {
  const F d;
  return exp2(d, hn::Add(hn::Mul(taste, hn::Set(d, among.sensitivity_spread)),
                         hn::Set(d, among.sensitivity_shift)));
}

bool bound_weights(const Alternatives& among, const AlternativeColumns& columns,
                   const TasteBox& box, const WeightBounds& bounds) {
  const F d;
  const std::size_t lanes = hn::Lanes(d);
  // Rounding of a utility and of powers must not lift a weight above its bound: at 110 the
  // multiplier's error of 3e-6, twice, comes to 7e-4.
  const VF slack = hn::Set(d, 1e-3F);
  std::array<VF, 2> multiplier = {hn::Set(d, 1.0F), hn::Set(d, 1.0F)};
  if (among.tastes > 0) {
    multiplier[0] = multiplier_at(among, hn::Set(d, box.lowest[0]));
    multiplier[1] = multiplier_at(among, hn::Set(d, box.highest[0]));
  }
  VF widest = hn::Zero(d);
  const std::size_t width = AlternativeColumns::width(among.count);
  for (std::size_t j = 0; j < width; j += lanes) {
    VF highest = hn::LoadU(d, columns.common + j);
    VF span = hn::Zero(d);
    const auto add = [&](VF one, VF other) {
      const VF most = hn::Max(one, other);
      highest = hn::Add(highest, most);
      span = hn::Add(span, hn::Sub(most, hn::Min(one, other)));
    };
    if (among.tastes > 0) {
      const VF price = hn::LoadU(d, columns.price + j);
      add(hn::Mul(multiplier[0], price), hn::Mul(multiplier[1], price));
    }
    if (among.tastes > 1) {
      const VF slope = hn::LoadU(d, columns.characteristic + j);
      add(hn::Mul(hn::Set(d, box.lowest[1]), slope), hn::Mul(hn::Set(d, box.highest[1]), slope));
    }
    widest = hn::Max(widest, span);
    hn::StoreU(exp2(d, hn::Add(highest, slack)), d, bounds.bound + j);
  }
  float sum = 0.0F;
  for (std::size_t j = 0; j < width; ++j) {
    if (j >= among.count) bounds.bound[j] = 0.0F;
    bounds.before[j] = sum;
    sum += bounds.bound[j];
  }
  return hn::AllTrue(d, hn::Lt(widest, hn::Set(d, 2.0F)));
}

/// Values by row: from two registers where a register holds 16, else gathered.
class Column {
 public:
  Column(const float* values, std::size_t rows) : values_(values), small_(rows <= 32) {
    const F d;
    if (!small_) return;
    low_ = hn::LoadU(d, values_);
    high_ = hn::LoadU(d, values_ + 16);
  }

  HWY_INLINE VF at(VI row) const {
    const F d;
#if HWY_MAX_BYTES == 64  // of a register
    if (HWY_LIKELY(small_)) {
      const auto index = hn::IndicesFromVec(d, hn::And(row, hn::Set(I(), 15)));
      const auto upper = hn::RebindMask(d, hn::Gt(row, hn::Set(I(), 15)));
      return hn::IfThenElse(upper, hn::TableLookupLanes(high_, index),
                            hn::TableLookupLanes(low_, index));
    }
#endif
    return hn::GatherIndex(d, values_, row);
  }

 private:
  const float* values_;
  bool small_;
  VF low_ = hn::Zero(F());
  VF high_ = hn::Zero(F());
};

/// The row in whose part of the bounds each point lies: how many sums are not above it. `count`
/// where it lies behind all.
HWY_INLINE VI find_row(const float* before, std::size_t count, VF point) {
  const F d;
  const I whole;
  const VI one = hn::Set(whole, 1);
  VI row = hn::Zero(whole);
  const auto pass = [&](std::size_t j, VI step) {
    const auto behind = hn::RebindMask(whole, hn::Le(hn::Set(d, before[j]), point));
    row = hn::IfThenElse(behind, hn::Add(row, step), row);
  };
  constexpr std::size_t coarse = 16;
  if (count <= 2 * coarse) {
    for (std::size_t j = 1; j <= count; ++j)
      pass(j, one);
    return row;
  }
  // Sixteen rows at once, then by halves; rows behind the last have the sum of all.
  for (std::size_t j = coarse; j <= count; j += coarse)
    pass(j, hn::Set(whole, static_cast<std::int32_t>(coarse)));
  for (std::int32_t half = static_cast<std::int32_t>(coarse / 2); half > 0; half /= 2) {
    const VI next = hn::Add(row, hn::Set(whole, half));
    const auto behind = hn::RebindMask(whole, hn::Le(hn::GatherIndex(d, before, next), point));
    row = hn::IfThenElse(behind, next, row);
  }
  return hn::Min(row, hn::Set(whole, static_cast<std::int32_t>(count)));
}

template <std::size_t Tastes>
void choose_with_bounds(const Hazards& hazards, const Alternatives& among,
                        const AlternativeColumns& columns, const WeightBounds& bounds,
                        const Deciders& deciders, std::uint16_t* choice, LeftOver& left) {
  const F d;
  const U u;
  const I whole;
  const std::size_t lanes = hn::Lanes(d);
  const hn::Rebind<std::uint16_t, F> narrow;
  const std::size_t rows = among.count + 1;
  const Column bound(bounds.bound, rows);
  const Column before(bounds.before, rows);
  const Column common(columns.common, rows);
  const Column price(columns.price, rows);
  const Column characteristic(columns.characteristic, rows);
  const VI last = hn::Set(whole, static_cast<std::int32_t>(among.count));
  const float outside_good = among.outside_good ? 1.0F : 0.0F;
  const VF upto_outside = hn::Set(d, bounds.before[among.count] + outside_good);
  const VF kept = hn::Set(d, among.kept);
  const std::uint32_t* const words = deciders.taste;
  std::size_t over = 0;
  for (std::size_t i = 0; i < deciders.count; i += lanes) {
    const Decider<Tastes> decider = read_decider<Tastes>(among, deciders, i, nullptr);
    const VF total = hn::Add(upto_outside, hn::Mul(kept, bound.at(decider.held)));
    const VF point = hn::Mul(uniform_left(hazards, deciders, i), total);
    VI row = find_row(bounds.before, among.count, point);
    // Behind the outside good lies what inertia adds to the product held.
    const auto keeps = hn::Ge(point, upto_outside);
    const auto outside =
        hn::And(hn::Eq(row, last), hn::RebindMask(whole, hn::Lt(point, upto_outside)));
    row = hn::IfThenElse(hn::RebindMask(whole, keeps), decider.held, row);
    VF utility = common.at(row);
    if constexpr (Tastes > 0)
      utility = hn::Add(utility, hn::Mul(decider.multiplier, price.at(row)));
    if constexpr (Tastes > 1)
      utility = hn::Add(utility, hn::Mul(decider.taste[1], characteristic.at(row)));
    const VF start = hn::IfThenElse(keeps, upto_outside, before.at(row));
    const VF factor = hn::IfThenElse(keeps, kept, hn::Set(d, 1.0F));
    const VF weight = hn::Mul(factor, exp2(d, utility));
    const auto within = hn::RebindMask(whole, hn::Lt(hn::Sub(point, start), weight));
    const auto on_offer = hn::Lt(row, last);
    const auto taken = hn::Or(outside, hn::And(within, on_offer));
    VI product = row;
    if (!among.all_on_offer) product = hn::GatherIndex(whole, among.product_at, product);
    hn::StoreU(hn::DemoteTo(narrow, product), narrow, choice + i);
    auto missed = hn::Not(hn::RebindMask(u, taken));
    if (HWY_UNLIKELY(i + lanes > deciders.count))
      missed = hn::And(missed, hn::FirstN(u, deciders.count - i));
    const VU index = hn::Iota(u, static_cast<std::uint32_t>(i));
    hn::StoreU(hn::Compress(index, missed), u, left.index.data() + over);
    hn::StoreU(hn::Compress(hn::LoadU(u, deciders.place_held.data() + i), missed), u,
               left.deciders.place_held.data() + over);
    if (Tastes > 0 && among.stored) {
      hn::StoreU(hn::Compress(hn::LoadU(u, words + i), missed), u, left.deciders.taste + over);
    }
    over += hn::CountTrue(u, missed);
  }
  left.deciders.count = over;
}

void choose_by_bounds(const Hazards& hazards, const Alternatives& alternatives,
                      const AlternativeColumns& columns, const WeightBounds& bounds,
                      const Deciders& deciders, std::uint16_t* choice, LeftOver& left) {
  const auto run = [&](auto choose) {
    choose(hazards, alternatives, columns, bounds, deciders, choice, left);
  };
  switch (alternatives.tastes) {
    case 0:
      return run(choose_with_bounds<0>);
    case 1:
      return run(choose_with_bounds<1>);
    default:
      return run(choose_with_bounds<2>);
  }
}

void draw_again(const DrawKey& key, std::uint32_t first_number, Deciders& deciders) {
  const U u;
  for (std::size_t i = 0; i < deciders.count; i += hn::Lanes(u)) {
    const VU place =
        hn::And(hn::Load(u, deciders.place_held.data() + i), hn::Set(u, Deciders::place_mask));
    const VU number = hn::Add(place, hn::Set(u, first_number));
    hn::Store(draw_blocks(u, key, number).first, u, deciders.word.data() + i);
  }
}

}  // namespace entente::population::HWY_NAMESPACE
HWY_AFTER_NAMESPACE();

#if HWY_ONCE
namespace entente::population {

HWY_EXPORT(bound_weights);
HWY_EXPORT(choose_by_bounds);
HWY_EXPORT(draw_again);

bool bound_weights(const Alternatives& alternatives, const AlternativeColumns& columns,
                   const TasteBox& box, const WeightBounds& bounds) {
  return HWY_DYNAMIC_DISPATCH(bound_weights)(alternatives, columns, box, bounds);
}

void choose_by_bounds(const Hazards& hazards, const Alternatives& alternatives,
                      const AlternativeColumns& columns, const WeightBounds& bounds,
                      const Deciders& deciders, std::uint16_t* choice, LeftOver& left) {
  HWY_DYNAMIC_DISPATCH(choose_by_bounds)
  (hazards, alternatives, columns, bounds, deciders, choice, left);
}

void draw_again(const DrawKey& key, std::uint32_t first_number, Deciders& deciders) {
  HWY_DYNAMIC_DISPATCH(draw_again)(key, first_number, deciders);
}

}  // namespace entente::population
#endif
