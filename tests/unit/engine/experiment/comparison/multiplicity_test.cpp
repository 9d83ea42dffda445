#include "engine/experiment/comparison/multiplicity.hpp"

#include "tests/catch.hpp"

using namespace entente::experiment;
using Values = std::vector<double>;

TEST_CASE("p-values are adjusted step by step and kept in their order", "[unit]") {
  const Values p_values = {0.01, 0.04, 0.03};
  const auto holm = adjust_holm(p_values);
  CHECK(holm[0] == Approx(0.03));
  CHECK(holm[1] == Approx(0.06));  // not below that of 0.03
  CHECK(holm[2] == Approx(0.06));
  const auto discovery = adjust_benjamini_hochberg(p_values);
  CHECK(discovery[0] == Approx(0.03));
  CHECK(discovery[1] == Approx(0.04));
  CHECK(discovery[2] == Approx(0.04));  // not above that of 0.04
  CHECK(adjust_holm(Values{0.9, 0.8}) == Values{1.0, 1.0});
  CHECK(adjust_holm({}).empty());
}
