// Compiled once for each instruction set that Highway knows here; the best one the processor has is
// chosen at run time. Multiply and add stay apart (no fused operations), and sums run over eight
// logical lanes whatever the register holds, so all of them give the same bits.
#include "engine/market/choice_kernel.hpp"

#include <array>
#include <cmath>
#include <limits>
#include <utility>

#include "engine/market/elementary.hpp"

#undef HWY_TARGET_INCLUDE
#define HWY_TARGET_INCLUDE "engine/market/choice_kernel.cpp"
#include <hwy/foreach_target.h>
#include <hwy/highway.h>

HWY_BEFORE_NAMESPACE();
namespace entente::market::HWY_NAMESPACE {

namespace hn = hwy::HWY_NAMESPACE;

using D = hn::CappedTag<double, cells_per_block>;
using V = hn::Vec<D>;
using Lanes = hn::Rebind<std::int64_t, D>;
using LaneSums = std::array<double, cells_per_block>;

/// exp of x ≤ 0: the operations of deterministic_exp, lane by lane.
HWY_INLINE V exp_not_positive(D d, V x) {
  namespace e = elementary;
  const auto value = [d](double number) { return hn::Set(d, number); };
  const Lanes lanes;
  const V shift = value(e::nearest_integer_shift);
  const V lowest = value(-745.2);
  const auto vanishes = hn::Le(x, lowest);
  x = hn::IfThenElse(vanishes, lowest, x);
  const V k = hn::Sub(hn::Add(hn::Mul(x, value(e::inverse_ln2)), shift), shift);
  const V high = hn::Sub(x, hn::Mul(k, value(e::ln2_high)));
  const V low = hn::Mul(k, value(e::ln2_low));
  const V r = hn::Sub(high, low);
  const V lost = hn::Sub(hn::Sub(high, r), low);
  const V r2 = hn::Mul(r, r);
  const V r4 = hn::Mul(r2, r2);
  const auto pair = [&](double first, double second) {
    return hn::Add(value(first), hn::Mul(r, value(second)));
  };
  const V c23 = pair(1.0 / 2, 1.0 / 6);
  const V c45 = pair(1.0 / 24, 1.0 / 120);
  const V c67 = pair(1.0 / 720, 1.0 / 5040);
  const V c89 = pair(1.0 / 40320, 1.0 / 362880);
  const V c1011 = pair(1.0 / 3628800, 1.0 / 39916800);
  const V c1213 = pair(1.0 / 479001600, 1.0 / 6227020800);
  const V upper =
      hn::Add(hn::Add(c67, hn::Mul(r2, c89)), hn::Mul(r4, hn::Add(c1011, hn::Mul(r2, c1213))));
  const V tail = hn::Add(hn::Add(c23, hn::Mul(r2, c45)), hn::Mul(r4, upper));
  V result = hn::Add(value(1.0), hn::Add(r, hn::Add(lost, hn::Mul(r2, tail))));
  const auto exponent = hn::ConvertTo(lanes, k);
  const auto power = [&](auto exponents) {
    return hn::BitCast(d,
                       hn::ShiftLeft<52>(hn::Add(exponents, hn::Set(lanes, std::int64_t{1023}))));
  };
  const auto smallest = hn::Set(lanes, std::int64_t{-1021});
  const auto subnormal = hn::Lt(exponent, smallest);
  if (HWY_LIKELY(hn::AllFalse(lanes, subnormal))) return hn::Mul(result, power(exponent));
  // 2^k itself would not be a normal number: scale in two steps.
  const auto first = hn::IfThenElseZero(subnormal, hn::Set(lanes, std::int64_t{-1000}));
  result = hn::Mul(hn::Mul(result, power(first)), power(hn::Sub(exponent, first)));
  return hn::IfThenZeroElse(vanishes, result);
}

/// log of normal x ≥ 1: the operations of deterministic_log.
HWY_INLINE V log_not_below_one(D d, V x) {
  namespace e = elementary;
  const auto value = [d](double number) { return hn::Set(d, number); };
  const Lanes lanes;
  const auto bits = hn::BitCast(lanes, x);
  auto exponent = hn::Sub(hn::ShiftRight<52>(bits), hn::Set(lanes, std::int64_t{1023}));
  V m = hn::BitCast(d, hn::Or(hn::And(bits, hn::Set(lanes, std::int64_t{0x000fffffffffffff})),
                              hn::Set(lanes, std::int64_t{0x3ff0000000000000})));
  const auto large = hn::Gt(m, value(0x1.6a09e667f3bcdp+0));
  m = hn::IfThenElse(large, hn::Mul(m, value(0.5)), m);
  exponent = hn::Sub(exponent, hn::VecFromMask(lanes, hn::RebindMask(lanes, large)));
  const V f = hn::Sub(m, value(1.0));
  const V s = hn::Div(f, hn::Add(value(2.0), f));
  const V z = hn::Mul(s, s);
  const V z2 = hn::Mul(z, z);
  const V z4 = hn::Mul(z2, z2);
  const auto pair = [&](double first, double second) {
    return hn::Add(value(first), hn::Mul(z, value(second)));
  };
  const V c12 = pair(2.0 / 3, 2.0 / 5);
  const V c34 = pair(2.0 / 7, 2.0 / 9);
  const V c56 = pair(2.0 / 11, 2.0 / 13);
  const V c78 = pair(2.0 / 15, 2.0 / 17);
  const V c910 = pair(2.0 / 19, 2.0 / 21);
  const V upper =
      hn::Add(hn::Add(c56, hn::Mul(z2, c78)), hn::Mul(z4, hn::Add(c910, hn::Div(z2, value(11.5)))));
  const V series = hn::Mul(z, hn::Add(hn::Add(c12, hn::Mul(z2, c34)), hn::Mul(z4, upper)));
  const V half_square = hn::Mul(hn::Mul(value(0.5), f), f);
  const V k = hn::ConvertTo(d, exponent);
  const V correction =
      hn::Add(hn::Mul(s, hn::Add(half_square, series)), hn::Mul(k, value(e::ln2_low)));
  return hn::Sub(hn::Mul(k, value(e::ln2_high)), hn::Sub(hn::Sub(half_square, correction), f));
}

/// ln(1 + x) of x ≥ 0: the operations of deterministic_log1p.
HWY_INLINE V log1p_not_negative(D d, V x) {
  const V one = hn::Set(d, 1.0);
  const V one_plus = hn::Add(one, x);
  const auto negligible = hn::Eq(one_plus, one);
  const V kept = hn::IfThenElse(negligible, one, hn::Sub(one_plus, one));
  const V result = hn::Mul(log_not_below_one(d, one_plus), hn::Div(x, kept));
  return hn::IfThenElse(negligible, x, result);
}

/// The block at `lane` of an eight-lane row.
struct BlockChoice {
  const ChoiceProblem& problem;
  const ChoiceResult& result;
  std::size_t block;
  std::size_t lane;
  D d = D();

  std::size_t at(std::size_t columns, std::size_t column) const {
    return (block * columns + column) * cells_per_block + lane;
  }

  /// V/λ and e^(V/λ − largest), the nest's probabilities given the nest; returns λ ln D.
  V choose_within(std::size_t nest) const {
    const V minus_infinity = hn::Set(d, -std::numeric_limits<double>::infinity());
    const std::uint32_t* product = problem.by_nest + problem.nest_begin[nest];
    const std::uint32_t* end = problem.by_nest + problem.nest_begin[nest + 1];
    const double nesting = problem.nesting[nest];
    const V slope = hn::Div(hn::LoadU(d, problem.sensitivity + at(1, 0)), hn::Set(d, nesting));
    V largest = minus_infinity;
    for (const std::uint32_t* j = product; j != end; ++j) {
      const V utility = hn::Sub(hn::LoadU(d, problem.base + at(problem.products, *j)),
                                hn::Mul(slope, hn::Set(d, problem.price[*j])));
      hn::StoreU(utility, d, result.scaled_utility + at(problem.products, *j));
      largest = hn::Max(largest, utility);
    }
    const auto nothing = hn::Eq(largest, minus_infinity);
    largest = hn::IfThenZeroElse(nothing, largest);
    V sum = hn::Zero(d);
    for (const std::uint32_t* j = product; j != end; ++j) {
      const std::size_t place = at(problem.products, *j);
      const V weight =
          exp_not_positive(d, hn::Sub(hn::LoadU(d, result.scaled_utility + place), largest));
      hn::StoreU(weight, d, result.within + place);
      sum = hn::Add(sum, weight);
    }
    sum = hn::IfThenElse(nothing, hn::Set(d, 1.0), sum);
    const V inverse = hn::Div(hn::Set(d, 1.0), sum);
    for (const std::uint32_t* j = product; j != end; ++j) {
      const std::size_t place = at(problem.products, *j);
      hn::StoreU(hn::Mul(hn::LoadU(d, result.within + place), inverse), d, result.within + place);
    }
    const V log_sum = hn::Add(largest, log_not_below_one(d, sum));
    // Until the nests' own probabilities are known.
    hn::StoreU(log_sum, d, result.log_normaliser + at(problem.nests, nest));
    return hn::IfThenElse(nothing, minus_infinity, hn::Mul(hn::Set(d, nesting), log_sum));
  }

  /// The largest of the outside good's and all nests' inclusive values, which go to `inclusive`.
  V compare_nests(double* inclusive) const {
    V largest =
        problem.outside_good ? hn::Zero(d) : hn::Set(d, -std::numeric_limits<double>::infinity());
    for (std::size_t g = 0; g < problem.nests; ++g) {
      const V value = choose_within(g);
      hn::StoreU(value, d, inclusive + g * cells_per_block + lane);
      largest = hn::Max(largest, value);
    }
    return largest;
  }

  void choose(double* inclusive) const {
    const V minus_infinity = hn::Set(d, -std::numeric_limits<double>::infinity());
    const V largest = compare_nests(inclusive);
    const auto nothing = hn::Eq(largest, minus_infinity);
    const V reference = hn::IfThenZeroElse(nothing, largest);
    // 1 is the term of the largest; the rest apart, for the figures of ln(1 + rest).
    V rest = hn::Zero(d);
    auto taken = hn::Eq(minus_infinity, hn::Zero(d));
    V outside = hn::Zero(d);
    if (problem.outside_good) {
      outside = exp_not_positive(d, hn::Neg(reference));
      taken = hn::Eq(reference, hn::Zero(d));
      rest = hn::IfThenZeroElse(taken, outside);
    }
    for (std::size_t g = 0; g < problem.nests; ++g) {
      double* place = inclusive + g * cells_per_block + lane;
      const V value = hn::LoadU(d, place);
      const V term = exp_not_positive(d, hn::Sub(value, reference));
      hn::StoreU(term, d, place);
      const auto is_reference = hn::AndNot(taken, hn::Eq(value, reference));
      rest = hn::Add(rest, hn::IfThenZeroElse(is_reference, term));
      taken = hn::Or(taken, is_reference);
    }
    const V inverse = hn::Div(hn::Set(d, 1.0), hn::Add(hn::Set(d, 1.0), rest));
    const V log_denominator = log1p_not_negative(d, rest);
    hn::StoreU(hn::Mul(outside, inverse), d, result.outside + at(1, 0));
    hn::StoreU(hn::IfThenElse(nothing, minus_infinity, hn::Add(reference, log_denominator)), d,
               result.logsum + at(1, 0));
    for (std::size_t g = 0; g < problem.nests; ++g) {
      const V nest_share = hn::Mul(hn::LoadU(d, inclusive + g * cells_per_block + lane), inverse);
      double* normaliser = result.log_normaliser + at(problem.nests, g);
      const V log_sum = hn::LoadU(d, normaliser);
      // ln D − ln s_g, with ln s_g = λ ln D − largest − ln denominator.
      const V log_share = hn::Sub(
          hn::Sub(hn::Mul(hn::Set(d, problem.nesting[g]), log_sum), reference), log_denominator);
      hn::StoreU(hn::Sub(log_sum, log_share), d, normaliser);
      for (std::uint32_t k = problem.nest_begin[g]; k != problem.nest_begin[g + 1]; ++k) {
        const std::size_t place = at(problem.products, problem.by_nest[k]);
        hn::StoreU(hn::Mul(hn::LoadU(d, result.within + place), nest_share), d,
                   result.share + place);
      }
    }
  }
};

void compute_cell_choice(const ChoiceProblem& problem, const ChoiceResult& result) {
  const D d;
  // As large as any nest structure a market of a thousand products can have.
  constexpr std::size_t most_nests_on_stack = 64;
  std::array<double, most_nests_on_stack * cells_per_block> on_stack;
  double* inclusive = on_stack.data();
  const bool many = problem.nests > most_nests_on_stack;
  if (many) inclusive = new double[problem.nests * cells_per_block];
  for (std::size_t b = 0; b < problem.blocks; ++b) {
    for (std::size_t lane = 0; lane < cells_per_block; lane += hn::Lanes(d)) {
      BlockChoice{problem, result, b, lane}.choose(inclusive);
    }
  }
  if (many) delete[] inclusive;
}

/// Sum of eight lanes in one order, however many a register holds.
HWY_INLINE double sum_lanes(const LaneSums& lane) {
  return ((lane[0] + lane[1]) + (lane[2] + lane[3])) + ((lane[4] + lane[5]) + (lane[6] + lane[7]));
}

void combine_columns(std::size_t blocks, const ColumnList& from, const double* weight,
                     double* result) {
  const D d;
  for (std::size_t b = 0; b < blocks; ++b) {
    for (std::size_t lane = 0; lane < cells_per_block; lane += hn::Lanes(d)) {
      V sum = hn::Zero(d);
      const double* block = from.values + b * from.columns * cells_per_block + lane;
      for (std::size_t k = 0; k < from.count; ++k) {
        const V value = hn::LoadU(d, block + from.list[k] * cells_per_block);
        sum = hn::Add(sum, hn::Mul(hn::Set(d, weight[k]), value));
      }
      hn::StoreU(sum, d, result + b * cells_per_block + lane);
    }
  }
}

// Loops over registers are written as folds: the compiler unrolls them at -O2 in no other way.

/// Columns `list[0]` to `list[N − 1]` together.
template <std::size_t... K>
HWY_INLINE void sum_together(std::index_sequence<K...> /*unrolled*/, std::size_t blocks,
                             const ColumnList& from, const std::uint32_t* list,
                             const double* weight, double* sums) {
  const D d;
  std::array<LaneSums, sizeof...(K)> lanes;
  const std::array<std::size_t, sizeof...(K)> offset = {list[K] * cells_per_block...};
  for (std::size_t lane = 0; lane < cells_per_block; lane += hn::Lanes(d)) {
    std::array<V, sizeof...(K)> sum = {(static_cast<void>(K), hn::Zero(d))...};
    for (std::size_t b = 0; b < blocks; ++b) {
      const V w = hn::LoadU(d, weight + b * cells_per_block + lane);
      const double* block = from.values + b * from.columns * cells_per_block + lane;
      ((sum[K] = hn::Add(sum[K], hn::Mul(w, hn::LoadU(d, block + offset[K])))), ...);
    }
    (hn::StoreU(sum[K], d, lanes[K].data() + lane), ...);
  }
  ((sums[list[K]] = sum_lanes(lanes[K])), ...);
}

void sum_over_cells(std::size_t blocks, const ColumnList& from, const double* weight,
                    double* sums) {
  std::size_t k = 0;
  for (; k + 4 <= from.count; k += 4)
    sum_together(std::make_index_sequence<4>(), blocks, from, from.list + k, weight, sums);
  for (; k < from.count; ++k)
    sum_together(std::make_index_sequence<1>(), blocks, from, from.list + k, weight, sums);
}

/// A tile of the product, `R` rows by `K` columns in registers; sum T is of row T / K, column T %
/// K.
template <std::size_t R, std::size_t K, std::size_t... T>
HWY_INLINE void multiply_tile(std::index_sequence<T...> /*unrolled*/, std::size_t blocks,
                              const ColumnList& left, const std::uint32_t* rows,
                              const ColumnList& right, const std::uint32_t* columns, double* out,
                              std::size_t stride) {
  const D d;
  std::array<LaneSums, R * K> lanes;
  std::array<std::size_t, R> row;
  std::array<std::size_t, K> column;
  for (std::size_t i = 0; i < R; ++i)
    row[i] = rows[i] * cells_per_block;
  for (std::size_t k = 0; k < K; ++k)
    column[k] = columns[k] * cells_per_block;
  for (std::size_t lane = 0; lane < cells_per_block; lane += hn::Lanes(d)) {
    std::array<V, R* K> sum = {(static_cast<void>(T), hn::Zero(d))...};
    for (std::size_t b = 0; b < blocks; ++b) {
      const double* from_left = left.values + b * left.columns * cells_per_block + lane;
      const double* from_right = right.values + b * right.columns * cells_per_block + lane;
      ((sum[T] = hn::Add(sum[T], hn::Mul(hn::LoadU(d, from_left + row[T / K]),
                                         hn::LoadU(d, from_right + column[T % K])))),
       ...);
    }
    (hn::StoreU(sum[T], d, lanes[T].data() + lane), ...);
  }
  ((out[rows[T / K] * stride + columns[T % K]] = sum_lanes(lanes[T])), ...);
}

template <std::size_t R, std::size_t K>
HWY_INLINE void multiply_tile(std::size_t blocks, const ColumnList& left, const std::uint32_t* rows,
                              const ColumnList& right, const std::uint32_t* columns, double* out,
                              std::size_t stride) {
  multiply_tile<R, K>(std::make_index_sequence<R * K>(), blocks, left, rows, right, columns, out,
                      stride);
}

void multiply_over_cells(std::size_t blocks, const ColumnList& left, const ColumnList& right,
                         double* out, std::size_t stride) {
  // What fits in the registers: 16 sums of one vector each, or four of two to four.
  constexpr std::size_t side = HWY_MAX_BYTES >= 64 ? 4 : 2;
  std::size_t i = 0;
  for (; i + side <= left.count; i += side) {
    std::size_t k = 0;
    for (; k + side <= right.count; k += side)
      multiply_tile<side, side>(blocks, left, left.list + i, right, right.list + k, out, stride);
    for (; k < right.count; ++k)
      multiply_tile<side, 1>(blocks, left, left.list + i, right, right.list + k, out, stride);
  }
  for (; i < left.count; ++i) {
    std::size_t k = 0;
    for (; k + side <= right.count; k += side)
      multiply_tile<1, side>(blocks, left, left.list + i, right, right.list + k, out, stride);
    for (; k < right.count; ++k)
      multiply_tile<1, 1>(blocks, left, left.list + i, right, right.list + k, out, stride);
  }
}

void compute_exp(const double* x, double* result, std::size_t count) {
  const D d;
  for (std::size_t i = 0; i < count; i += hn::Lanes(d))
    hn::StoreU(exp_not_positive(d, hn::LoadU(d, x + i)), d, result + i);
}

void compute_log(const double* x, double* result, std::size_t count) {
  const D d;
  for (std::size_t i = 0; i < count; i += hn::Lanes(d))
    hn::StoreU(log_not_below_one(d, hn::LoadU(d, x + i)), d, result + i);
}

void compute_log1p(const double* x, double* result, std::size_t count) {
  const D d;
  for (std::size_t i = 0; i < count; i += hn::Lanes(d))
    hn::StoreU(log1p_not_negative(d, hn::LoadU(d, x + i)), d, result + i);
}

}  // namespace entente::market::HWY_NAMESPACE
HWY_AFTER_NAMESPACE();

#if HWY_ONCE
namespace entente::market {

HWY_EXPORT(compute_cell_choice);
HWY_EXPORT(combine_columns);
HWY_EXPORT(sum_over_cells);
HWY_EXPORT(multiply_over_cells);
HWY_EXPORT(compute_exp);
HWY_EXPORT(compute_log);
HWY_EXPORT(compute_log1p);

void compute_cell_choice(const ChoiceProblem& problem, const ChoiceResult& result) {
  HWY_DYNAMIC_DISPATCH(compute_cell_choice)(problem, result);
}

void combine_columns(std::size_t blocks, const ColumnList& from, const double* weight,
                     double* result) {
  HWY_DYNAMIC_DISPATCH(combine_columns)(blocks, from, weight, result);
}

void sum_over_cells(std::size_t blocks, const ColumnList& from, const double* weight,
                    double* sums) {
  HWY_DYNAMIC_DISPATCH(sum_over_cells)(blocks, from, weight, sums);
}

void multiply_over_cells(std::size_t blocks, const ColumnList& left, const ColumnList& right,
                         double* out, std::size_t stride) {
  HWY_DYNAMIC_DISPATCH(multiply_over_cells)(blocks, left, right, out, stride);
}

void compute_exp(const double* x, double* result, std::size_t count) {
  HWY_DYNAMIC_DISPATCH(compute_exp)(x, result, count);
}

void compute_log(const double* x, double* result, std::size_t count) {
  HWY_DYNAMIC_DISPATCH(compute_log)(x, result, count);
}

void compute_log1p(const double* x, double* result, std::size_t count) {
  HWY_DYNAMIC_DISPATCH(compute_log1p)(x, result, count);
}

}  // namespace entente::market
#endif
