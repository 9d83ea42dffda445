#include "engine/market/certificate/nash_prices.hpp"

#include <limits>

#include "tests/catch.hpp"

namespace {

using namespace entente::market;

Demand make_linear(const Eigen::VectorXd& weight, const Eigen::VectorXd& sensitivity,
                   const Eigen::ArrayXXd& utility) {
  Demand demand;
  demand.price_term = PriceTerm::linear;
  demand.weight = weight;
  demand.price_sensitivity = sensitivity;
  demand.utility = utility;
  return demand;
}

}  // namespace

TEST_CASE("a root that is Nash is returned as it is", "[unit]") {
  const Demand demand = make_linear(Eigen::VectorXd::Ones(1), Eigen::VectorXd::Ones(1),
                                    Eigen::Vector2d(2.0, 2.0).array());
  const Supply supply =
      make_supply(Eigen::Vector2d(1.0, 1.0), make_ownership(Eigen::Vector2i(0, 1)));
  const CertifiedPrices certified = compute_nash_prices(demand, supply, Eigen::Vector2d(2.0, 2.0));
  CHECK(certified.roots_tried == 1);
  CHECK(certified.certificate.holds());
  CHECK(certified.prices.price(0) == Approx(2.401058137541547).epsilon(1e-12));
}

TEST_CASE("a start near a root that is not Nash leads to one that is", "[unit]") {
  const Demand monopoly = make_linear(Eigen::Vector2d(0.9, 0.1), Eigen::Vector2d(6.0, 0.25),
                                      Eigen::RowVector2d(1.0, 1.0).array());
  const Supply one = make_supply(Eigen::VectorXd::Constant(1, 0.2), Eigen::MatrixXd::Ones(1, 1));
  const CertifiedPrices alone =
      compute_nash_prices(monopoly, one, Eigen::VectorXd::Constant(1, 0.52));
  CHECK(alone.roots_tried == 2);
  CHECK(alone.prices.price(0) == Approx(6.396931318604742).epsilon(1e-12));

  const Demand triopoly = make_linear(Eigen::Vector2d(0.9, 0.1), Eigen::Vector2d(4.0, 0.1),
                                      Eigen::Vector3d(1.0, 1.2, 0.8).replicate(1, 2).array());
  const Supply three =
      make_supply(Eigen::Vector3d(0.5, 0.6, 0.4), make_ownership(Eigen::Vector3i(0, 1, 2)));
  const CertifiedPrices certified =
      compute_nash_prices(triopoly, three, Eigen::Vector3d(12.476, 12.972, 0.851));
  CHECK(certified.roots_tried == 2);
  CHECK(certified.certificate.holds());
  CHECK(certified.prices.price(2) > 12.0);  // all three sell to the captive buyers
  CHECK(certified.prices.residual < 1e-10);
  CHECK(certified.prices.markup(2) == Approx(certified.prices.price(2) - 0.4).epsilon(1e-14));
}

TEST_CASE("a market without equilibrium in posted prices says so", "[unit]") {
  // Varian's (1980) model of sales: each seller has buyers of its own, and the rest buy the cheaper
  // product. Undercutting pays until the own buyers are worth more than winning the rest.
  constexpr double none = -std::numeric_limits<double>::infinity();
  Eigen::ArrayXXd utility(2, 3);
  utility << 60.0, 60.0, none, 60.0, none, 60.0;
  const Demand demand =
      make_linear(Eigen::Vector3d(0.8, 0.1, 0.1), Eigen::Vector3d::Constant(60.0), utility);
  const Supply supply =
      make_supply(Eigen::Vector2d(0.2, 0.2), make_ownership(Eigen::Vector2i(0, 1)));
  try {
    compute_nash_prices(demand, supply, Eigen::Vector2d(0.5, 0.5));
    FAIL("prices were passed off as an equilibrium");
  } catch (const NoNashPrices& failure) {
    // At the one root, symmetric, a seller has half of the rest and its own: m (0.4 + 0.1), where
    // F = 1 − 60 m (0.4·½)/0.5 gives m = 1/24. Its own alone pay 0.1 m' with 60 m' (1 − s) = 1 up
    // to 0.8 or so: 0.0721 in place of 0.0208.
    CHECK(failure.smallest_gain == Approx(2.46).epsilon(0.01));
    CHECK(failure.roots_tried == 1);
    CHECK_THAT(failure.what(), entente::test::contains("none of the 1 first-order roots"));
  }
}
