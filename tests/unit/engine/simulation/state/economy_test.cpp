#include "engine/simulation/state/economy.hpp"

#include "tests/catch.hpp"

using entente::simulation::FadingGrowth;

TEST_CASE("growth fades by a constant factor", "[unit]") {
  const FadingGrowth growth{0.2, 0.5};
  CHECK(growth.rate_at(0) == 0.2);
  CHECK(growth.rate_at(2) == Approx(0.05).epsilon(1e-15));
  CHECK(growth.factor_until(0) == 1.0);
  CHECK(growth.factor_until(1) == Approx(1.2).epsilon(1e-15));
  CHECK(growth.factor_until(3) == Approx(1.2 * 1.1 * 1.05).epsilon(1e-15));
}

TEST_CASE("growth that does not fade compounds, and shrinks when negative", "[unit]") {
  CHECK(FadingGrowth{0.1, 1.0}.factor_until(4) == Approx(1.4641).epsilon(1e-14));
  CHECK(FadingGrowth{-0.5, 1.0}.factor_until(3) == Approx(0.125).epsilon(1e-15));
}
