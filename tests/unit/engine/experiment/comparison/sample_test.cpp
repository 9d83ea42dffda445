#include "engine/experiment/comparison/sample.hpp"

#include <cmath>
#include <vector>

#include "tests/catch.hpp"

using namespace entente::experiment;
using Values = std::vector<double>;

TEST_CASE("mean and variance, worked by hand", "[unit]") {
  const auto sample = describe_sample(Values{1, 2, 6});
  CHECK(sample.count == 3);
  CHECK(sample.mean == 3.0);
  CHECK(sample.variance == 7.0);
}

TEST_CASE("equal values have their own mean and no variance", "[unit]") {
  const auto sample = describe_sample(Values(3, 0.1));  // 0.1 + 0.1 + 0.1 is not 0.3
  CHECK(sample.mean == 0.1);
  CHECK(sample.variance == 0.0);
  // Deviations on a large level keep their digits.
  CHECK(describe_sample(Values{1e15 + 1, 1e15 + 2, 1e15 + 3}).variance == 1.0);
}

TEST_CASE("nothing has no mean, and one value no variance", "[unit]") {
  CHECK(std::isnan(describe_sample(Values{}).mean));
  CHECK(describe_sample(Values{4}).mean == 4.0);
  CHECK(std::isnan(describe_sample(Values{4}).variance));
}
