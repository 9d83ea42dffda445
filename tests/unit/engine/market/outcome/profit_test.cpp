#include "engine/market/outcome/profit.hpp"

#include <limits>

#include "engine/market/failure.hpp"
#include "tests/catch.hpp"

namespace {

using namespace entente::market;

}  // namespace

TEST_CASE("profits of products and firms by hand", "[unit]") {
  const Eigen::VectorXd profit = compute_product_profit(Eigen::Vector3d(0.1, 0.2, 0.3),
                                                        Eigen::Vector3d(4.0, -1.0, 2.0), 1000.0);
  CHECK(profit(0) == Approx(400.0));
  CHECK(profit(1) == Approx(-200.0));
  CHECK(profit(2) == Approx(600.0));
  const Eigen::VectorXd firm = compute_firm_profit(profit, Eigen::Vector3i(2, 0, 2), 3);
  CHECK(firm(0) == Approx(-200.0));
  CHECK(firm(1) == 0.0);
  CHECK(firm(2) == Approx(1000.0));
}

TEST_CASE("shareholders receive their parts, through firms that hold firms as well", "[unit]") {
  // Firm 0 earns 100 and holds 20% of firm 1, which earns 50 and holds 10% of firm 0:
  // π0 = 100 + 0.2 π1, π1 = 50 + 0.1 π0, so π0 = 110/0.98 and π1 = 60/0.98.
  Eigen::Matrix2d holding;
  holding << 0.0, 0.2, 0.1, 0.0;
  const Eigen::Vector2d own(100.0, 50.0);
  const Eigen::VectorXd ultimate = compute_ultimate_profit(own, holding);
  CHECK(ultimate(0) == Approx(110.0 / 0.98).epsilon(1e-14));
  CHECK(ultimate(1) == Approx(60.0 / 0.98).epsilon(1e-14));
  // Outside shareholders hold the other 90% and 80%, and between them receive all that is earned.
  Eigen::Matrix2d interest;
  interest << 0.9, 0.3, 0.0, 0.5;
  const Eigen::VectorXd income = compute_shareholder_income(interest, ultimate);
  CHECK(income.sum() == Approx(150.0).epsilon(1e-14));
  CHECK(income(1) == Approx(30.0 / 0.98).epsilon(1e-14));
  CHECK(compute_shareholder_income(interest, own)(0) == Approx(105.0));
}

TEST_CASE("firms wholly owned by each other have nobody to pay", "[unit]") {
  Eigen::Matrix3d holding = Eigen::Matrix3d::Zero();
  holding(0, 1) = 1.0;
  const Eigen::Vector3d own(1.0, 2.0, 4.0);
  // A subsidiary is no such group: its owner has outside shareholders.
  CHECK(compute_ultimate_profit(own, holding)(0) == Approx(3.0));
  holding(1, 0) = 1.0;
  CHECK_THROWS_AS(compute_ultimate_profit(own, holding), Infeasible);
}

TEST_CASE("profit refuses what does not fit", "[unit]") {
  const Eigen::Vector2d two(0.1, 0.2);
  CHECK_THROWS_AS(compute_product_profit(two, Eigen::Vector3d::Ones(), 1.0), InvalidInput);
  CHECK_THROWS_AS(compute_product_profit(Eigen::Vector2d(0.1, 20.0), two, 1.0), InvalidInput);
  CHECK_THROWS_AS(compute_product_profit(two, two, std::numeric_limits<double>::quiet_NaN()),
                  InvalidInput);
  CHECK_THROWS_AS(compute_product_profit(two, Eigen::Vector2d(1e300, 1e300), 1e300), InvalidInput);
  CHECK_THROWS_AS(compute_firm_profit(two, Eigen::Vector2i(0, 2), 2), InvalidInput);
  CHECK_THROWS_AS(compute_ultimate_profit(two, Eigen::Matrix2d::Identity()), InvalidInput);
  CHECK_THROWS_AS(compute_ultimate_profit(two, Eigen::Matrix2d::Constant(0.6)), InvalidInput);
  CHECK_THROWS_AS(compute_shareholder_income(Eigen::Matrix2d::Constant(0.6), two), InvalidInput);
  CHECK_THROWS_AS(compute_shareholder_income(Eigen::Matrix2d::Constant(-0.1), two), InvalidInput);
}
