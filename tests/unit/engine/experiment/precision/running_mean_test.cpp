#include "engine/experiment/precision/running_mean.hpp"

#include <cmath>

#include "tests/catch.hpp"

using entente::experiment::RunningMean;

TEST_CASE("a running mean has the interval of its values", "[unit]") {
  RunningMean mean;
  CHECK(std::isnan(mean.mean()));
  CHECK(std::isinf(mean.half_width(0.95)));
  mean.add(1.0);
  CHECK(mean.mean() == 1.0);
  CHECK(std::isinf(mean.half_width(0.95)));
  for (const double value : {2.0, 3.0, 4.0})
    mean.add(value);
  CHECK(mean.count() == 4);
  CHECK(mean.mean() == 2.5);
  // Variance 5/3; Student's t of 3 degrees at 0.975 is 3.182446, at 0.9 it is 1.637744.
  CHECK(std::abs(mean.half_width(0.95) - 3.182446 * std::sqrt(5.0 / 12.0)) < 1e-6);
  CHECK(std::abs(mean.half_width(0.80) - 1.637744 * std::sqrt(5.0 / 12.0)) < 1e-6);
}

TEST_CASE("equal values have no spread, whatever they are", "[unit]") {
  RunningMean mean;
  for (int i = 0; i < 1000; ++i)
    mean.add(0.1);
  CHECK(mean.mean() == 0.1);
  CHECK(mean.half_width(0.95) == 0.0);
}

TEST_CASE("a small spread far from 0 is not lost", "[unit]") {
  RunningMean mean;
  for (int i = 0; i < 1000; ++i)
    mean.add(1e9 + (i % 2 == 0 ? 1e-3 : -1e-3));
  // Student's t of 999 degrees at 0.975 is 1.962341.
  CHECK(std::abs(mean.half_width(0.95) / (1.962341 * 1e-3 / std::sqrt(999.0)) - 1.0) < 1e-3);
}
