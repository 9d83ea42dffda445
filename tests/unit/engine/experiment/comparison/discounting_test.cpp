#include "engine/experiment/comparison/discounting.hpp"

#include <cmath>
#include <limits>
#include <vector>

#include "tests/catch.hpp"

using namespace entente::experiment;
using Values = std::vector<double>;

TEST_CASE("a total weighs later quarters by the annual rate", "[unit]") {
  constexpr double missing = std::numeric_limits<double>::quiet_NaN();
  // Half a year at 21% a year is a factor of 1.1.
  CHECK(discounted_total(Values{100, missing, 110}, 0.21) == Approx(200.0));
  CHECK(discounted_total(Values{1, 2, 3}, 0.0) == 6.0);
  CHECK(std::isnan(discounted_total(Values{missing, missing}, 0.1)));
}
