#include "engine/experiment/comparison/difference.hpp"

#include <cmath>
#include <stdexcept>
#include <vector>

#include "tests/catch.hpp"

using namespace entente::experiment;
using Values = std::vector<double>;

// With two degrees of freedom the tail of Student's t is ½ − t / (2·√(2 + t²)).
TEST_CASE("paired differences, worked by hand", "[unit]") {
  const auto difference = compute_paired_difference(Values{1, 2, 3}, Values{2, 4, 6},
                                                    {.confidence = 0.95, .margin = 3});
  CHECK(difference.evidence == Evidence::tested);
  CHECK(difference.mean == 2.0);
  CHECK(difference.relative == 1.0);
  CHECK(difference.standard_error == Approx(1.0 / std::sqrt(3.0)));
  CHECK(difference.p_value == Approx(1.0 - std::sqrt(12.0 / 14.0)));
  const double quantile = 0.95 * std::sqrt(2.0 / (4 * 0.975 * 0.025));
  CHECK(difference.low == Approx(2.0 - quantile / std::sqrt(3.0)));
  CHECK(difference.high == Approx(2.0 + quantile / std::sqrt(3.0)));
  CHECK(difference.variance_reduction == Approx(5.0));
  CHECK(difference.equivalence_p == Approx(0.5 - std::sqrt(3.0 / 5.0) / 2));
}

TEST_CASE("paired differences without spread are exact and not tested", "[unit]") {
  const auto shifted =
      compute_paired_difference(Values{1, 5}, Values{3, 7}, {.confidence = 0.95, .margin = 1});
  CHECK(shifted.evidence == Evidence::exact);
  CHECK(shifted.low == 2.0);
  CHECK(shifted.high == 2.0);
  CHECK(std::isnan(shifted.p_value));
  CHECK(shifted.equivalence_p == 1.0);
  const auto same = compute_paired_difference(Values{0.1, 0.7}, Values{0.1, 0.7}, {});
  CHECK(same.evidence == Evidence::identical);
  CHECK(same.p_value == 1.0);
  CHECK(std::isnan(same.equivalence_p));
}

TEST_CASE("one pair says nothing of the spread", "[unit]") {
  const auto single = compute_paired_difference(Values{0}, Values{3}, {});
  CHECK(single.evidence == Evidence::untested);
  CHECK(single.mean == 3.0);
  CHECK(std::isnan(single.relative));
  CHECK(std::isnan(single.low));
  CHECK_THROWS_AS(compute_paired_difference(Values{}, Values{}, {}), std::invalid_argument);
  CHECK_THROWS_AS(compute_paired_difference(Values{1}, Values{1, 2}, {}), std::invalid_argument);
}

TEST_CASE("unpaired differences are Welch's", "[unit]") {
  const auto difference = compute_unpaired_difference(Values{1, 3}, Values{2, 6}, {});
  CHECK(difference.evidence == Evidence::tested);
  CHECK(difference.mean == 2.0);
  CHECK(difference.standard_error == Approx(std::sqrt(5.0)));
  CHECK(difference.degrees == Approx(25.0 / 17.0));
  CHECK(std::isnan(difference.variance_reduction));
  // Variances 2 and 20/3 over 2 and 4 values.
  const auto unequal = compute_unpaired_difference(Values{1, 3}, Values{2, 6, 4, 8}, {});
  CHECK(unequal.mean == 3.0);
  CHECK(unequal.standard_error == Approx(std::sqrt(8.0 / 3.0)));
  CHECK(unequal.degrees == Approx(48.0 / 13.0));
}

TEST_CASE("a relative difference has the sign of the difference", "[unit]") {
  CHECK(compute_paired_difference(Values{-4, -4}, Values{-3, -3}, {}).relative == 0.25);
  CHECK(compute_unpaired_difference(Values{-4, -4}, Values{-3, -3}, {}).relative == 0.25);
}

TEST_CASE("two constant samples are tested by how many regroupings are as far apart", "[unit]") {
  const auto few = compute_unpaired_difference(Values{0, 0}, Values{1, 1}, {});
  CHECK(few.evidence == Evidence::tested);
  CHECK(few.p_value == Approx(1.0 / 3.0));
  CHECK(compute_unpaired_difference(Values{0, 0}, Values{1, 1, 1}, {}).p_value == Approx(0.2));
  CHECK(std::isnan(few.low));
  CHECK(compute_unpaired_difference(Values{4, 4}, Values{4}, {}).evidence == Evidence::identical);
  CHECK(compute_unpaired_difference(Values{4, 4}, Values{5}, {}).evidence == Evidence::untested);
}
