#include "engine/market/outcome/concentration.hpp"

#include <limits>

#include "engine/market/failure.hpp"
#include "tests/catch.hpp"

namespace {

using namespace entente::market;

}  // namespace

TEST_CASE("HHI by hand", "[unit]") {
  const Eigen::VectorXd quantities = Eigen::Vector4d(40.9, 23.8, 19.4, 15.9);
  const Eigen::VectorXi separate = Eigen::Vector4i(0, 1, 2, 3);
  const Eigen::VectorXd single = Eigen::VectorXd::Ones(4);
  // 40.9² + 23.8² + 19.4² + 15.9² = 1672.81 + 566.44 + 376.36 + 252.81
  CHECK(compute_hhi(quantities, separate, single) == Approx(2868.42).epsilon(1e-12));
  CHECK(compute_hhi(7.0 * quantities, separate, single) == Approx(2868.42).epsilon(1e-12));
  // One owner of the first two: 64.7² + 376.36 + 252.81
  CHECK(compute_hhi(quantities, Eigen::Vector4i(0, 0, 2, 3), single) ==
        Approx(4815.26).epsilon(1e-12));
  // The last as three firms: 252.81 / 3
  CHECK(compute_hhi(quantities, separate, Eigen::Vector4d(1, 1, 1, 3)) ==
        Approx(2615.61 + 84.27).epsilon(1e-12));
  CHECK(compute_hhi(Eigen::VectorXd::Zero(4), separate, single) == 0.0);
}

TEST_CASE("the total index counts buyers who buy nothing in the denominator", "[unit]") {
  // Shares 0.2 and 0.3 of all buyers: 400 + 900; inside 0.4 and 0.6: 1600 + 3600.
  const Eigen::VectorXd share = Eigen::Vector2d(0.2, 0.3);
  const Eigen::VectorXi firm = Eigen::Vector2i(4, 9);
  const Eigen::VectorXd single = Eigen::VectorXd::Ones(2);
  CHECK(compute_total_hhi(share, firm, single) == Approx(1300.0).epsilon(1e-14));
  CHECK(compute_hhi(share, firm, single) == Approx(5200.0).epsilon(1e-14));
  CHECK_THROWS_AS(compute_total_hhi(Eigen::Vector2d(20.0, 30.0), firm, single), InvalidInput);
}

TEST_CASE("a change of ownership adds twice the product of the shares that meet", "[unit]") {
  const Eigen::VectorXd quantities = Eigen::Vector4d(1.0, 2.0, 3.0, 4.0);
  const Eigen::VectorXd single = Eigen::VectorXd::Ones(4);
  const Eigen::VectorXi before = Eigen::Vector4i(0, 1, 2, 2);
  // 0 and 1 merge: 2·0.1·0.2; 2 and 3 part: −2·0.3·0.4.
  CHECK(compute_hhi_change(quantities, before, Eigen::Vector4i(0, 0, 2, 2), single) ==
        Approx(400.0).epsilon(1e-14));
  CHECK(compute_hhi_change(quantities, before, Eigen::Vector4i(0, 1, 2, 3), single) ==
        Approx(-2400.0).epsilon(1e-14));
  // New numbers for the same firms change nothing, to the last bit.
  CHECK(compute_hhi_change(quantities, before, Eigen::Vector4i(7, 5, 1, 1), single) == 0.0);
  CHECK(compute_hhi_change(Eigen::VectorXd::Zero(4), before, Eigen::Vector4i(0, 0, 2, 2), single) ==
        0.0);
}

TEST_CASE("the change at given shares is the difference of the two indices", "[unit]") {
  const Eigen::VectorXd quantities = Eigen::Vector4d(0.7, 2.3, 0.01, 1.9);
  const Eigen::VectorXd fringe = Eigen::Vector4d(2.0, 2.0, 1.0, 1.0);
  const Eigen::VectorXi before = Eigen::Vector4i(0, 1, 2, 3);
  const Eigen::VectorXi after = Eigen::Vector4i(0, 0, 0, 3);
  const double change =
      compute_hhi(quantities, after, fringe) - compute_hhi(quantities, before, fringe);
  CHECK(compute_hhi_change(quantities, before, after, fringe) == Approx(change).epsilon(1e-12));
}

TEST_CASE("the modified index weighs partial stakes", "[unit]") {
  const Eigen::VectorXd quantities = Eigen::Vector2d(3.0, 7.0);
  const Eigen::VectorXd single = Eigen::VectorXd::Ones(2);
  Eigen::Matrix2d ownership = Eigen::Matrix2d::Identity();
  CHECK(compute_modified_hhi(quantities, ownership, single) ==
        Approx(compute_hhi(quantities, Eigen::Vector2i(0, 1), single)).epsilon(1e-14));
  // A fifth of firm 1's profit counts for firm 0: 5800 + 10000·0.2·0.3·0.7. Rows are relative.
  ownership << 2.0, 0.4, 0.0, 3.0;
  CHECK(compute_modified_hhi(quantities, ownership, single) == Approx(6220.0).epsilon(1e-14));
  CHECK(compute_modified_hhi(quantities, Eigen::Matrix2d::Ones(), single) ==
        Approx(10000.0).epsilon(1e-14));
  ownership(1, 1) = 0.0;
  CHECK_THROWS_AS(compute_modified_hhi(quantities, ownership, single), InvalidInput);
}

TEST_CASE("concentration refuses what is no quantity", "[unit]") {
  const Eigen::VectorXi firm = Eigen::Vector2i(0, 1);
  const Eigen::VectorXd single = Eigen::VectorXd::Ones(2);
  const double nan = std::numeric_limits<double>::quiet_NaN();
  CHECK_THROWS_AS(compute_hhi(Eigen::Vector2d(1.0, -1.0), firm, single), InvalidInput);
  CHECK_THROWS_AS(compute_hhi(Eigen::Vector2d(1.0, nan), firm, single), InvalidInput);
  CHECK_THROWS_AS(compute_hhi(Eigen::Vector2d(1.0, 1e308), firm, single), InvalidInput);
  CHECK_THROWS_AS(compute_hhi(Eigen::Vector3d(1.0, 1.0, 1.0), firm, single), InvalidInput);
  CHECK_THROWS_AS(compute_hhi(Eigen::Vector2d(1.0, 1.0), firm, Eigen::Vector2d(1.0, 0.5)),
                  InvalidInput);
}
