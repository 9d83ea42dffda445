#include "engine/market/outcome/ownership.hpp"

#include "engine/market/failure.hpp"
#include "tests/catch.hpp"

namespace {

using namespace entente::market;

}  // namespace

TEST_CASE("ownership with a passive stake", "[unit]") {
  // Shareholder 0 controls firm 0, shareholder 1 controls firm 1; firm 0's owner holds a passive
  // 20% of firm 1. Row 0 counts a fifth of firm 1's profit; row 1 counts its own alone.
  Eigen::Matrix2d control;
  control << 1.0, 0.0, 0.0, 1.0;
  Eigen::Matrix2d interest;
  interest << 1.0, 0.2, 0.0, 0.8;
  const Eigen::MatrixXd ownership = compute_ownership(control, interest, Eigen::Vector3i(0, 1, 1));
  Eigen::Matrix3d expected;
  expected << 1.0, 0.2, 0.2, 0.0, 1.0, 1.0, 0.0, 1.0, 1.0;
  CHECK((ownership - expected).cwiseAbs().maxCoeff() < 1e-15);
}

TEST_CASE("a controlling minority weighs its own firm above a merger's weight", "[unit]") {
  // Shareholder 0 owns firm 0 and 25% of firm 1, which it controls: firm 1 is run as if firm 0's
  // profit counted 1/0.25 = 4 times its own.
  Eigen::Matrix2d control;
  control << 1.0, 1.0, 0.0, 0.0;
  Eigen::Matrix2d interest;
  interest << 1.0, 0.25, 0.0, 0.75;
  const Eigen::MatrixXd ownership = compute_ownership(control, interest, Eigen::Vector2i(0, 1));
  CHECK(ownership(1, 0) == Approx(4.0));
  CHECK(ownership(0, 1) == Approx(0.25));
  control.col(1).setZero();
  CHECK_THROWS_AS(compute_ownership(control, interest, Eigen::Vector2i(0, 1)), MarketFailure);
}

TEST_CASE("equal control and interest of one holder in two firms is a merger's weight", "[unit]") {
  // One shareholder with half of both firms and half of the votes; the other halves are dispersed
  // over holders without votes: Ω = ¼/¼.
  const Eigen::MatrixXd half = Eigen::MatrixXd::Constant(1, 2, 0.5);
  CHECK((compute_ownership(half, half, Eigen::Vector2i(0, 1)) - Eigen::Matrix2d::Ones())
            .cwiseAbs()
            .maxCoeff() < 1e-15);
}

TEST_CASE("ownership refuses stakes that do not fit", "[unit]") {
  const Eigen::Matrix2d one = Eigen::Matrix2d::Identity();
  CHECK_THROWS_AS(compute_ownership(one, Eigen::Matrix3d::Identity(), Eigen::Vector2i(0, 1)),
                  InvalidInput);
  CHECK_THROWS_AS(compute_ownership(one, one, Eigen::Vector2i(0, 2)), InvalidInput);
  CHECK_THROWS_AS(compute_ownership(one, -one, Eigen::Vector2i(0, 1)), InvalidInput);
}
