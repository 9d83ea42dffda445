#include "engine/market/outcome/pricing_pressure.hpp"

#include <cmath>
#include <limits>

#include "engine/market/failure.hpp"
#include "tests/catch.hpp"

namespace {

using namespace entente::market;

/// Shares ¼, ¼ and outside ½ at prices 2 and 4.
Demand make_demand() {
  Demand demand;
  demand.price_term = PriceTerm::linear;
  demand.weight = Eigen::VectorXd::Ones(1);
  demand.price_sensitivity = Eigen::VectorXd::Ones(1);
  demand.utility = Eigen::Array2d(2.0 - std::log(2.0), 4.0 - std::log(2.0));
  return demand;
}

}  // namespace

TEST_CASE("pricing pressure of a merger by hand", "[unit]") {
  // D_01 = s_1/(1 − s_0) = 1/3. Margins 1 and 3; the first product's cost falls by 0.25.
  const Eigen::Vector2d prices(2.0, 4.0);
  const Supply before = make_supply(Eigen::Vector2d(1.0, 1.0), Eigen::Matrix2d::Identity());
  const Supply after = make_supply(Eigen::Vector2d(0.75, 1.0), Eigen::Matrix2d::Ones());
  const PricingPressure pressure = compute_pricing_pressure(make_demand(), prices, before, after);
  CHECK(pressure.diversion(0, 1) == Approx(1.0 / 3.0).epsilon(1e-14));
  CHECK(pressure.diversion(0, 0) == Approx(-1.0).epsilon(1e-14));
  CHECK(pressure.gross(0) == Approx(1.0).epsilon(1e-14));
  CHECK(pressure.gross(1) == Approx(1.0 / 3.0).epsilon(1e-14));
  CHECK(pressure.guppi(0) == Approx(0.5).epsilon(1e-14));
  CHECK(pressure.guppi(1) == Approx(1.0 / 12.0).epsilon(1e-14));
  CHECK(pressure.net(0) == Approx(0.75).epsilon(1e-14));
  CHECK(pressure.net(1) == Approx(1.0 / 3.0).epsilon(1e-14));
}

TEST_CASE("a partial stake presses by the change of its weight", "[unit]") {
  // From a fifth to a half of the other's margin of 3, at a diversion of 0.4; the scale of a row
  // says nothing. The other way the stake is sold.
  Eigen::Matrix2d diversion;
  diversion << -1.0, 0.4, 0.6, -1.0;
  const Eigen::Vector2d markup(5.0, 3.0);
  Eigen::Matrix2d before;
  before << 1.0, 0.2, 0.5, 1.0;
  Eigen::Matrix2d after;
  after << 2.0, 1.0, 0.0, 1.0;
  const Eigen::VectorXd pressure = compute_gross_pressure(diversion, markup, before, after);
  CHECK(pressure(0) == Approx(0.3 * 0.4 * 3.0).epsilon(1e-14));
  CHECK(pressure(1) == Approx(-0.5 * 0.6 * 5.0).epsilon(1e-14));
  CHECK(compute_gross_pressure(diversion, markup, after, after).isZero(0.0));
}

TEST_CASE("gross pressure is the first-order condition's gap right after the deal", "[unit]") {
  // At an equilibrium before, the markup at which the new owner's condition holds, others' margins
  // held, exceeds the old one by the gross pressure: m_i = h_i/(1−G_ii) + Σ Ω' D_ij m_j.
  const Demand demand = make_demand();
  const Supply before = make_supply(Eigen::Vector2d(0.5, 1.5), Eigen::Matrix2d::Identity());
  Supply after = before;
  after.ownership(0, 1) = 0.7;
  const Eigen::VectorXd prices =
      compute_bertrand_prices(demand, before, Eigen::Vector2d(2.0, 3.0)).price;
  const PricingPressure pressure = compute_pricing_pressure(demand, prices, before, after);
  const Choice choice = compute_choice(demand, prices);
  const Eigen::MatrixXd jacobian = compute_share_jacobian(demand, prices);
  const double other = 0.7 * (prices(1) - 1.5);
  const double required = -(choice.share(0) + jacobian(1, 0) * other) / jacobian(0, 0);
  CHECK(required - (prices(0) - 0.5) == Approx(pressure.gross(0)).epsilon(1e-9));
  CHECK(pressure.gross(1) == 0.0);
}

TEST_CASE("pricing pressure refuses what does not fit", "[unit]") {
  const Eigen::Matrix2d one = Eigen::Matrix2d::Identity();
  const Eigen::Matrix2d all = Eigen::Matrix2d::Ones();
  const Eigen::Vector2d markup(1.0, 1.0);
  CHECK_THROWS_AS(compute_gross_pressure(Eigen::Matrix3d::Identity(), markup, one, all),
                  InvalidInput);
  CHECK_THROWS_AS(compute_gross_pressure(all, markup, Eigen::Matrix2d::Zero(), all), InvalidInput);
  const double nan = std::numeric_limits<double>::quiet_NaN();
  CHECK_THROWS_AS(compute_gross_pressure(all, Eigen::Vector2d(nan, 1.0), one, all), InvalidInput);
  CHECK_THROWS_AS(compute_guppi(markup, Eigen::Vector2d(1.0, 0.0)), InvalidInput);
  CHECK(compute_guppi(Eigen::Vector2d(1.0, 0.0), Eigen::Vector2d(2.0, 0.0))(1) == 0.0);
}
