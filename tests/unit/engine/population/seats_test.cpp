#include "engine/population/seats.hpp"

#include <stdexcept>

#include "tests/catch.hpp"

using namespace entente::population;

// 3.5, 2.1 and 1.4: the half goes up. Ties go to the lower cell.
TEST_CASE("seats by largest remainder worked by hand", "[unit]") {
  CHECK(seat_by_largest_remainder(Eigen::Vector3d(0.5, 0.3, 0.2), 7) ==
        Eigen::Matrix<std::int64_t, 3, 1>(4, 2, 1));
  CHECK(seat_by_largest_remainder(Eigen::Vector3d::Constant(1.0 / 3.0), 5) ==
        Eigen::Matrix<std::int64_t, 3, 1>(2, 2, 1));
  CHECK(seat_by_largest_remainder(Eigen::Vector2d(0.0, 1.0), 9) ==
        Eigen::Matrix<std::int64_t, 2, 1>(0, 9));
}

TEST_CASE("seats sum to the consumers to the last, however many", "[unit]") {
  for (const std::int64_t consumers :
       {std::int64_t{0}, std::int64_t{1}, std::int64_t{1009}, std::int64_t{1} << 53,
        std::int64_t{999'999'999'999'999'999}, std::int64_t{1'000'000'000'000'000'000}}) {
    for (int cells = 1; cells < 60; ++cells) {
      Eigen::VectorXd share(cells);
      for (int cell = 0; cell < cells; ++cell)
        share[cell] = 1.0 + 0.37 * (cell % 7);
      share /= share.sum();
      const Counts seats = seat_by_largest_remainder(share, consumers);
      REQUIRE(seats.sum() == consumers);
      REQUIRE(seats.minCoeff() >= 0);
      const Eigen::VectorXd off = seats.cast<double>() - static_cast<double>(consumers) * share;
      REQUIRE(off.cwiseAbs().maxCoeff() <= 1.0 + 1e-14 * static_cast<double>(consumers));
    }
  }
}

TEST_CASE("shares that are none get no seats", "[unit]") {
  CHECK_THROWS_AS(seat_by_largest_remainder(Eigen::Vector2d(1.5, -0.5), 9), std::invalid_argument);
  CHECK_THROWS_AS(seat_by_largest_remainder(Eigen::Vector2d(0.5, 0.4), 9), std::invalid_argument);
}
