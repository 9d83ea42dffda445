#include "engine/market/welfare.hpp"

#include <cmath>

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

TEST_CASE("surplus change by hand", "[unit]") {
  Demand demand;
  demand.price_term = PriceTerm::linear;
  demand.weight = Eigen::Vector2d(3.0, 1.0);
  demand.price_sensitivity = Eigen::Vector2d(2.0, 4.0);
  demand.utility = Eigen::ArrayXXd::Zero(1, 2);
  Choice before;
  before.logsum = Eigen::Vector2d(1.0, 1.0);
  Choice after;
  after.logsum = Eigen::Vector2d(1.5, 0.6);
  // (3 · 0.5/2 − 1 · 0.4/4) / 4 = (0.75 − 0.1)/4
  CHECK(compute_surplus_change(demand, before, after, Eigen::VectorXd()) == Approx(0.1625));
  demand.price_term = PriceTerm::log;
  CHECK(compute_surplus_change(demand, before, after, Eigen::Vector2d(10.0, 100.0)) ==
        Approx((7.5 - 10.0) / 4.0));
}

TEST_CASE("a common price change of 1% moves surplus by 1% of spending to first order", "[unit]") {
  // Without an outside good and with a log term the equivalent change is exact: ln 1.01.
  Demand demand;
  demand.outside_good = false;
  demand.weight = Eigen::VectorXd::Ones(1);
  demand.price_sensitivity = Eigen::VectorXd::Constant(1, 3.0);
  demand.utility = Eigen::Array2d(0.3, 0.1);
  const Eigen::Vector2d prices(2.0, 3.0);
  const double change = compute_surplus_change(demand, compute_choice(demand, prices),
                                               compute_choice(demand, 1.01 * prices),
                                               Eigen::VectorXd::Constant(1, 5));
  CHECK(change == Approx(-5.0 * std::log(1.01)).epsilon(1e-12));
}
