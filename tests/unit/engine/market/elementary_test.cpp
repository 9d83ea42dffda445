#include "engine/market/elementary.hpp"

#include <cmath>
#include <limits>

#include "tests/catch.hpp"

namespace {

using entente::market::deterministic_exp;
using entente::market::deterministic_log;
using entente::market::deterministic_log1p;

constexpr double infinity = std::numeric_limits<double>::infinity();

/// Distance in units of the last place of `expected`.
double count_ulps(double actual, double expected) {
  const double magnitude = std::abs(expected);
  const double unit = std::nextafter(magnitude, infinity) - magnitude;
  return std::abs(actual - expected) / unit;
}

}  // namespace

TEST_CASE("exp is within two units in the last place over its range", "[unit]") {
  double worst = 0.0;
  for (int k = 0; k <= 200000; ++k) {
    const double x = -708.0 + 1417.0 * k / 200000.0;
    worst = std::max(worst, count_ulps(deterministic_exp(x), std::exp(x)));
    const double small = (k - 100000) * 1e-5;
    worst = std::max(worst, count_ulps(deterministic_exp(small), std::exp(small)));
  }
  CHECK(worst <= 2.0);
}

TEST_CASE("log is within two units in the last place over its range", "[unit]") {
  double worst = 0.0;
  for (int k = 1; k <= 200000; ++k) {
    const double wide = std::exp(-708.0 + 1417.0 * k / 200001.0);
    worst = std::max(worst, count_ulps(deterministic_log(wide), std::log(wide)));
    const double near_one = 0.5 + k * 1e-5;
    if (near_one == 1.0) continue;
    worst = std::max(worst, count_ulps(deterministic_log(near_one), std::log(near_one)));
  }
  CHECK(worst <= 2.0);
}

TEST_CASE("exp and log keep the limits", "[unit]") {
  CHECK(deterministic_exp(0.0) == 1.0);
  CHECK(deterministic_exp(-infinity) == 0.0);
  CHECK(deterministic_exp(infinity) == infinity);
  CHECK(deterministic_exp(709.7) < infinity);
  CHECK(deterministic_exp(709.8) == infinity);
  CHECK(deterministic_exp(-745.0) > 0.0);
  CHECK(deterministic_exp(-746.0) == 0.0);
  CHECK(count_ulps(deterministic_exp(-740.0), std::exp(-740.0)) <= 2.0);
  CHECK(std::isnan(deterministic_exp(std::numeric_limits<double>::quiet_NaN())));
  CHECK(deterministic_log(1.0) == 0.0);
  CHECK(deterministic_log(0.0) == -infinity);
  CHECK(deterministic_log(infinity) == infinity);
  CHECK(std::isnan(deterministic_log(-1.0)));
  CHECK(std::isnan(deterministic_log(std::numeric_limits<double>::quiet_NaN())));
  CHECK(deterministic_log(5e-324) == Approx(-744.44007192138122).epsilon(1e-15));
}

TEST_CASE("log1p keeps the figures of small arguments", "[unit]") {
  for (const double x : {1e-300, 1e-17, 1e-12, -1e-9, 1e-3, 0.5, 7.0, 1e20}) {
    CHECK(count_ulps(deterministic_log1p(x), std::log1p(x)) <= 3.0);
  }
}

TEST_CASE("e^x − 1 keeps its figures near zero and its limits", "[unit]") {
  using entente::market::deterministic_expm1;
  for (const double x : {-700.0, -40.0, -1.0, -0.3, -1e-5, -1e-17, 1e-300, 1e-10, 0.5, 3.0, 700.0})
    CHECK(std::abs(deterministic_expm1(x) / std::expm1(x) - 1.0) < 1e-15);
  CHECK(deterministic_expm1(0.0) == 0.0);
  CHECK(deterministic_expm1(-1e4) == -1.0);
  CHECK(deterministic_expm1(1e4) == std::numeric_limits<double>::infinity());
}
