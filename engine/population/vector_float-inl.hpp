// Elementary functions in single precision, lane by lane: plain additions and multiplications, so
// the same bits at any place and on any processor. Included once for each instruction set.
#if defined(ENTENTE_POPULATION_VECTOR_FLOAT_INL_HPP) == defined(HWY_TARGET_TOGGLE)
#ifdef ENTENTE_POPULATION_VECTOR_FLOAT_INL_HPP
#undef ENTENTE_POPULATION_VECTOR_FLOAT_INL_HPP
#else
#define ENTENTE_POPULATION_VECTOR_FLOAT_INL_HPP
#endif

#include <cstdint>
#include <hwy/highway.h>

HWY_BEFORE_NAMESPACE();
namespace entente::population::HWY_NAMESPACE {

namespace hn = hwy::HWY_NAMESPACE;

/// ((sum x + c1) x + c2) …: the highest power first.
template <class D, class V, class... Rest>
HWY_INLINE V horner(D d, V x, V sum, Rest... rest) {
  ((sum = hn::Add(hn::Mul(sum, x), hn::Set(d, rest))), ...);
  return sum;
}

/// 2^x for |x| ≤ 126: 2^round(x) times a minimax polynomial, relative error below 3e-6.
template <class D, class V = hn::Vec<D>>
HWY_INLINE V exp2(D d, V x) {
  const hn::RebindToUnsigned<D> bits;
  const V shift = hn::Set(d, 0x1.8p23F);  // adding it rounds to an integer, left in the low bits
  const V shifted = hn::Add(x, shift);
  const V rest = hn::Sub(x, hn::Sub(shifted, shift));
  const V power = horner(d, rest, hn::Set(d, 0.0095701018633F), 0.0559178603406F, 0.240247448315F,
                         0.693121814743F, 0.999999261442F);
  return hn::BitCast(
      d, hn::Add(hn::BitCast(bits, power), hn::ShiftLeft<23>(hn::BitCast(bits, shifted))));
}

/// log2(1 + x) for 1 + x in [√½, √2), relative error below 2e-7.
template <class D, class V = hn::Vec<D>>
HWY_INLINE V log2_beside_one(D d, V x) {
  const V ratio = hn::Div(x, hn::Add(hn::Set(d, 2.0F), x));
  const V square = hn::Mul(ratio, ratio);
  return hn::Mul(ratio, horner(d, square, hn::Set(d, 0.412198583F), 0.577078016F, 0.961796694F,
                               2.885390082F));  // 2/ln 2 of artanh: 1/7, 1/5, 1/3, 1
}

/// x = 2^exponent · (1 + over_one), 1 + over_one in [√½, √2), of a normal x > 0.
template <class D>
struct Binary {
  hn::Vec<hn::RebindToSigned<D>> exponent;
  hn::Vec<D> over_one;
};

template <class D, class V = hn::Vec<D>>
HWY_INLINE Binary<D> to_binary(D d, V x) {
  const hn::RebindToSigned<D> whole;
  const auto bits = hn::BitCast(whole, x);
  // What is above √½'s bits counts as the exponent.
  const auto exponent = hn::ShiftRight<23>(hn::Sub(bits, hn::Set(whole, 0x3f3504f3)));
  const V mantissa = hn::BitCast(d, hn::Sub(bits, hn::ShiftLeft<23>(exponent)));
  return {exponent, hn::Sub(mantissa, hn::Set(d, 1.0F))};
}

/// log2 of a normal x > 0, absolute error below 2e-7 beside the rounding of the result.
template <class D, class V = hn::Vec<D>>
HWY_INLINE V log2(D d, V x) {
  const auto binary = to_binary(d, x);
  return hn::Add(hn::ConvertTo(d, binary.exponent), log2_beside_one(d, binary.over_one));
}

/// sin πx for 0 ≤ x ≤ 1/2 by its series, relative error below 3e-7.
template <class D, class V = hn::Vec<D>>
HWY_INLINE V sine_of_half_turns(D d, V x) {
  return hn::Mul(x, horner(d, hn::Mul(x, x), hn::Set(d, -0.00737043095F), 0.0821458866F,
                           -0.599264529F, 2.55016404F, -5.16771278F, 3.14159265F));
}

/// Quantile of the standard normal distribution for 0 < p ≤ 1/2, from Giles (2010), Approximating
/// the erfinv function: relative error 1e-6, beyond 5.5 standard deviations towards 1e-3 at 6.5.
template <class D, class V = hn::Vec<D>>
HWY_INLINE V lower_normal_quantile(D d, V p) {
  const V one = hn::Set(d, 1.0F);
  const V four_p_q = hn::Mul(hn::Mul(hn::Set(d, 4.0F), p), hn::Sub(one, p));
  const V w = hn::Mul(log2(d, four_p_q), hn::Set(d, -0.693147181F));
  const V centre = hn::Sub(w, hn::Set(d, 2.5F));
  const V middle = horner(d, centre, hn::Set(d, 2.81022636e-08F), 3.43273939e-07F, -3.5233877e-06F,
                          -4.39150654e-06F, 0.00021858087F, -0.00125372503F, -0.00417768164F,
                          0.246640727F, 1.50140941F);
  const auto in_middle = hn::Lt(w, hn::Set(d, 5.0F));
  const V minus_root_two = hn::Set(d, -1.41421356F);
  const V size = hn::Mul(minus_root_two, hn::Sub(one, hn::Add(p, p)));
  if (HWY_LIKELY(hn::AllTrue(d, in_middle))) return hn::Mul(middle, size);
  const V out = hn::Sub(hn::Sqrt(hn::Max(w, hn::Zero(d))), hn::Set(d, 3.0F));
  const V tail =
      horner(d, out, hn::Set(d, -0.000200214257F), 0.000100950558F, 0.00134934322F, -0.00367342844F,
             0.00573950773F, -0.0076224613F, 0.00943887047F, 1.00167406F, 2.83297682F);
  return hn::Mul(hn::IfThenElse(in_middle, middle, tail), size);
}

}  // namespace entente::population::HWY_NAMESPACE
HWY_AFTER_NAMESPACE();
#endif
