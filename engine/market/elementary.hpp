#pragma once

#include <bit>
#include <cstdint>
#include <limits>

namespace entente::market {

/// exp and log with the same bits at any place and on any processor: glibc picks a version by the
/// processor's features, and packet versions differ from their scalar tails. Within 1 ulp or so.
/// Plain double operations only; defined here so that loops over cells can inline them.
double deterministic_exp(double x);
double deterministic_log(double x);

/// ln(1 + x) without the loss of figures near 0. x > −1.
double deterministic_log1p(double x);

/// e^x − 1 without the loss of figures near 0.
double deterministic_expm1(double x);

namespace elementary {

// ln 2 in two parts: the first has 36 bits, so that its product with any binary exponent is exact.
inline constexpr double ln2_high = 0x1.62e42fefa0000p-1;
inline constexpr double ln2_low = 0x1.cf79abc9e3b3ap-40;
inline constexpr double inverse_ln2 = 0x1.71547652b82fep+0;
inline constexpr double nearest_integer_shift = 0x1.8p52;  // adding it rounds to an integer

/// 2^exponent for −1022 ≤ exponent ≤ 1023.
inline double power_of_two(std::int64_t exponent) {
  return std::bit_cast<double>(static_cast<std::uint64_t>(exponent + 1023) << 52U);
}

}  // namespace elementary

// Cody & Waite (1980): x = k ln 2 + r with |r| ≤ ln 2 / 2, then the Taylor series to r^13, whose
// remainder is below 1e-17.
inline double deterministic_exp(double x) {
  namespace e = elementary;
  if (!(x > -745.2)) return x != x ? x : 0.0;
  if (x > 709.79) return std::numeric_limits<double>::infinity();
  const double k = (x * e::inverse_ln2 + e::nearest_integer_shift) - e::nearest_integer_shift;
  const double high = x - k * e::ln2_high;
  const double low = k * e::ln2_low;
  const double r = high - low;
  const double lost = (high - r) - low;  // what rounding took from r
  const double r2 = r * r;
  const double r4 = r2 * r2;
  const double c23 = 1.0 / 2 + r * (1.0 / 6);
  const double c45 = 1.0 / 24 + r * (1.0 / 120);
  const double c67 = 1.0 / 720 + r * (1.0 / 5040);
  const double c89 = 1.0 / 40320 + r * (1.0 / 362880);
  const double c1011 = 1.0 / 3628800 + r * (1.0 / 39916800);
  const double c1213 = 1.0 / 479001600 + r * (1.0 / 6227020800);
  const double tail = (c23 + r2 * c45) + r4 * ((c67 + r2 * c89) + r4 * (c1011 + r2 * c1213));
  const double result = 1.0 + (r + (lost + r2 * tail));
  const auto exponent = static_cast<std::int64_t>(k);
  if (exponent >= -1021 && exponent <= 1023) return result * e::power_of_two(exponent);
  // Near the ends of the range 2^k itself is not a normal number: scale in two steps.
  const std::int64_t first = exponent > 0 ? 1023 : -1000;
  return (result * e::power_of_two(first)) * e::power_of_two(exponent - first);
}

// x = 2^k m with √½ < m ≤ √2; with f = m − 1 and s = f/(2 + f), ln m = 2 artanh s, summed as
// f − (f²/2 − s (f²/2 + R(s²))) so that the leading terms are exact. Remainder below 1e-18.
inline double deterministic_log(double x) {
  namespace e = elementary;
  constexpr double infinity = std::numeric_limits<double>::infinity();
  if (!(x > 0.0)) return x == 0.0 ? -infinity : std::numeric_limits<double>::quiet_NaN();
  if (x == infinity) return infinity;
  std::int64_t exponent = 0;
  if (x < std::numeric_limits<double>::min()) {
    x *= 0x1p54;
    exponent = -54;
  }
  const auto bits = std::bit_cast<std::uint64_t>(x);
  exponent += static_cast<std::int64_t>(bits >> 52U) - 1023;
  double m = std::bit_cast<double>((bits & 0x000fffffffffffffULL) | 0x3ff0000000000000ULL);
  if (m > 0x1.6a09e667f3bcdp+0) {
    m *= 0.5;
    exponent += 1;
  }
  const double f = m - 1.0;
  const double s = f / (2.0 + f);
  const double z = s * s;
  const double z2 = z * z;
  const double z4 = z2 * z2;
  const double c12 = 2.0 / 3 + z * (2.0 / 5);
  const double c34 = 2.0 / 7 + z * (2.0 / 9);
  const double c56 = 2.0 / 11 + z * (2.0 / 13);
  const double c78 = 2.0 / 15 + z * (2.0 / 17);
  const double c910 = 2.0 / 19 + z * (2.0 / 21);
  const double series = z * ((c12 + z2 * c34) + z4 * ((c56 + z2 * c78) + z4 * (c910 + z2 / 11.5)));
  const double half_square = 0.5 * f * f;
  const double k = static_cast<double>(exponent);
  const double correction = s * (half_square + series) + k * e::ln2_low;
  return k * e::ln2_high - ((half_square - correction) - f);
}

// Kahan: the rounding of 1 + x cancels in the ratio.
inline double deterministic_log1p(double x) {
  const double one_plus = 1.0 + x;
  if (one_plus == 1.0) return x;
  if (one_plus == std::numeric_limits<double>::infinity()) return one_plus;
  return deterministic_log(one_plus) * (x / (one_plus - 1.0));
}

// Kahan: the rounding of e^x cancels in the ratio.
inline double deterministic_expm1(double x) {
  const double power = deterministic_exp(x);
  if (power == 1.0) return x;
  const double excess = power - 1.0;
  if (excess == -1.0 || power == std::numeric_limits<double>::infinity()) return excess;
  return excess * (x / deterministic_log(power));
}

}  // namespace entente::market
