#include "engine/experiment/backtest/scores.hpp"

#include <stdexcept>

#include "tests/catch.hpp"

using namespace entente;

// Members 1, 2, 4 against 3: mean miss (2 + 1 + 1)/3; pairs 1, 3, 2 give 6, over n² = 9.
TEST_CASE("the ranked probability score of three members is as worked by hand", "[unit]") {
  CHECK(experiment::compute_crps({4, 1, 2}, 3) == Approx(4.0 / 3.0 - 6.0 / 9.0).epsilon(1e-15));
}

TEST_CASE("the ranked probability score of one member, or of equal ones, is the absolute error",
          "[unit]") {
  CHECK(experiment::compute_crps({5}, 3) == 2.0);
  CHECK(experiment::compute_crps({5, 5, 5}, 3) == 2.0);
  CHECK(experiment::compute_crps({3, 3}, 3) == 0.0);
  CHECK_THROWS_AS(experiment::compute_crps({}, 3), std::invalid_argument);
}

TEST_CASE("skill is 1 when perfect, 0 at the reference, and nothing against a perfect reference",
          "[unit]") {
  CHECK(*experiment::compute_skill(0, 2) == 1.0);
  CHECK(*experiment::compute_skill(2, 2) == 0.0);
  CHECK(*experiment::compute_skill(3, 2) == -0.5);
  CHECK_FALSE(experiment::compute_skill(1, 0));
}
