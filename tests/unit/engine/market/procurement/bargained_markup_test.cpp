#include "engine/market/procurement/bargained_markup.hpp"

#include <cmath>

#include "tests/catch.hpp"

namespace {

using namespace entente::market;

}  // namespace

TEST_CASE("the bargained markup by hand and in its limits", "[unit]") {
  // s = ½: κ = ½ ln 2/(½ ln 2 + ½), over ½.
  CHECK(compute_bargained_markup(0.0, 0.5).value ==
        Approx(2.0 * std::log(2.0) / (std::log(2.0) + 1.0)).epsilon(1e-15));
  for (const double x : {-800.0, -50.0}) {
    CHECK(compute_bargained_markup(x, 0.3).value == Approx(0.7).epsilon(1e-15));
    CHECK(std::abs(compute_bargained_markup(x, 0.3).slope) < 1e-15);
  }
  // Against no buyer weight the margin is 1/(1 − s) = 1 + e^x; against full weight it is nothing.
  CHECK(compute_bargained_markup(3.0, 0.0).value == Approx(1.0 + std::exp(3.0)).epsilon(1e-14));
  CHECK(compute_bargained_markup(-3.0, 0.0).value == Approx(1.0 + std::exp(-3.0)).epsilon(1e-14));
  CHECK(compute_bargained_markup(3.0, 1.0).value == 0.0);
  // Large odds leave the seller (1−b)/b L.
  CHECK(compute_bargained_markup(1000.0, 0.8).value == Approx(0.25 * 1000.0).epsilon(1e-14));
}

TEST_CASE("the slope of the bargained markup is its derivative, and positive", "[unit]") {
  for (const double weight : {0.0, 0.01, 0.5, 0.99}) {
    for (const double x : {-20.0, -3.0, -1e-3, 0.0, 1e-3, 2.0, 15.0}) {
      const double step = 1e-4;
      const auto value = [&](double at) { return compute_bargained_markup(at, weight).value; };
      const double slope = (8.0 * (value(x + step) - value(x - step)) -
                            (value(x + 2.0 * step) - value(x - 2.0 * step))) /
                           (12.0 * step);
      const BargainedMarkup markup = compute_bargained_markup(x, weight);
      CHECK(markup.slope == Approx(slope).epsilon(1e-8).margin(1e-11));
      CHECK(markup.slope > 0.0);
    }
  }
}
