#include <cmath>
#include <functional>
#include <hwy/highway.h>
#include <limits>

#include "engine/population/normal_quantile.hpp"
#include "engine/population/vector_float-inl.hpp"
#include "tests/catch.hpp"

namespace {

namespace hn = hwy::HWY_NAMESPACE;
namespace kernel = entente::population::HWY_NAMESPACE;

const hn::CappedTag<float, 1> one_lane;

double exp2_of(float x) {
  return static_cast<double>(hn::GetLane(kernel::exp2(one_lane, hn::Set(one_lane, x))));
}

double log2_of(float x) {
  return static_cast<double>(hn::GetLane(kernel::log2(one_lane, hn::Set(one_lane, x))));
}

double quantile_of(float p) {
  return static_cast<double>(
      hn::GetLane(kernel::lower_normal_quantile(one_lane, hn::Set(one_lane, p))));
}

}  // namespace

TEST_CASE("powers of 2 are within 3 millionths", "[unit]") {
  for (int i = -1'260'000; i <= 1'260'000; ++i) {
    const float x = static_cast<float>(i) * 1e-4F;
    const double exact = std::exp2(static_cast<double>(x));
    REQUIRE(std::abs(exp2_of(x) / exact - 1.0) < 3e-6);
  }
  CHECK(exp2_of(-126.0F) > 0.0);
  CHECK(exp2_of(126.0F) < std::numeric_limits<double>::infinity());
}

TEST_CASE("logarithms of base 2 are within their rounding", "[unit]") {
  for (int i = 1; i < 400'000; ++i) {
    const auto x = static_cast<float>(std::exp2(-126.0 + 252.0 * i / 400'000.0));
    const double exact = std::log2(static_cast<double>(x));
    REQUIRE(std::abs(log2_of(x) - exact) < 2e-7 + 0x1p-24 * std::abs(exact));
  }
  // Next to 1, where the result is small.
  for (int i = -1000; i <= 1000; ++i) {
    const auto x = static_cast<float>(1.0 + i * 1e-5);
    const double exact = std::log2(static_cast<double>(x));
    REQUIRE(std::abs(log2_of(x) - exact) < 1e-6 * std::abs(exact) + 1e-12);
  }
  CHECK(log2_of(1.0F) == 0.0);
}

TEST_CASE("normal quantiles are within a millionth, far in the tail a thousandth", "[unit]") {
  for (int i = 0; i <= 400'000; ++i) {
    const auto p = static_cast<float>(std::exp2(-1.0 - 33.0 * i / 400'000.0));
    const double exact = entente::population::lower_normal_quantile(static_cast<double>(p));
    CAPTURE(i, exact);
    REQUIRE(std::abs(quantile_of(p) - exact) <=
            (exact > -5.5 ? 1e-6 : 1e-3) * std::abs(exact) + 1e-7);
  }
}
