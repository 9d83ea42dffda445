#include "engine/market/logit_prices.hpp"

#include <cmath>

#include "engine/market/failure.hpp"
#include "engine/market/price_solver.hpp"
#include "tests/catch.hpp"
#include "tests/property/generated_market.hpp"

namespace {

using namespace entente::market;

Demand make_logit(const Eigen::VectorXd& utility, double sensitivity, bool outside_good) {
  Demand demand;
  demand.price_term = PriceTerm::linear;
  demand.outside_good = outside_good;
  demand.weight = Eigen::VectorXd::Ones(1);
  demand.price_sensitivity = Eigen::VectorXd::Constant(1, sensitivity);
  demand.utility = utility;
  return demand;
}

}  // namespace

TEST_CASE("a monopolist's markup solves its closed form", "[unit]") {
  // α m (1 − s) = 1 and s/(1 − s) = e^{δ − α c − α m}: with x = α m − 1, x e^x = e^{δ − α c − 1}.
  const Demand demand = make_logit(Eigen::VectorXd::Constant(1, 3.0), 2.0, true);
  const Supply supply = make_supply(Eigen::VectorXd::Constant(1, 0.5), Eigen::MatrixXd::Ones(1, 1));
  LogitPriceSolver solver;
  REQUIRE(solver.accepts(demand, supply));
  solver.solve(demand, supply, {});
  const double x = 2.0 * (solver.price(0) - 0.5) - 1.0;
  CHECK(x * std::exp(x) == Approx(std::exp(3.0 - 1.0 - 1.0)).epsilon(1e-14));
  CHECK(solver.residual < 1e-15);
}

TEST_CASE("the aggregator agrees with the fixed point", "[unit]") {
  entente::test::MarketGenerator generator(31);
  for (int k = 0; k < 200; ++k) {
    INFO("market " << k);
    const Eigen::Index products = generator.integer(2, 12);
    Eigen::VectorXd utility(products);
    Eigen::VectorXd cost(products);
    Eigen::VectorXi seller(products);
    for (Eigen::Index j = 0; j < products; ++j) {
      utility(j) = generator.uniform(-30.0, 12.0);
      cost(j) = generator.uniform(-1.0, 3.0);
      seller(j) = static_cast<int>(j < 2 ? j : generator.integer(0, 4));
    }
    const Demand demand = make_logit(utility, generator.uniform(0.2, 5.0), generator.chance(0.8));
    const Supply supply = make_supply(cost, make_ownership(seller));
    LogitPriceSolver aggregator;
    REQUIRE(aggregator.accepts(demand, supply));
    aggregator.solve(demand, supply, {});
    PriceSolver fixed_point;
    fixed_point.set_market(demand, supply);
    fixed_point.solve(cost, {});
    CHECK(((aggregator.price - fixed_point.price).array() / aggregator.price.array().abs().max(1.0))
              .abs()
              .maxCoeff() < 1e-9);
    CHECK(aggregator.residual < 1e-12);
  }
}

TEST_CASE("markets of another kind are left to the general solver", "[unit]") {
  const Demand demand = make_logit(Eigen::Vector3d(1.0, 2.0, 0.5), 1.0, true);
  const Supply supply =
      make_supply(Eigen::Vector3d(1.0, 1.0, 1.0), make_ownership(Eigen::Vector3i(0, 0, 1)));
  LogitPriceSolver solver;
  CHECK(solver.accepts(demand, supply));
  Supply other = supply;
  other.ownership(0, 2) = 0.3;  // a stake
  CHECK_FALSE(solver.accepts(demand, other));
  other = supply;
  other.ownership(0, 2) = other.ownership(2, 0) = 1.0;  // a cartel of 0 and 2, 0 and 1, not 1 and 2
  CHECK_FALSE(solver.accepts(demand, other));
  other = supply;
  other.price_fixed(1) = 2.0;
  CHECK_FALSE(solver.accepts(demand, other));
  other = supply;
  other.received(1) = 0.9;
  CHECK_FALSE(solver.accepts(demand, other));
  other = supply;
  other.fringe(1) = 3.0;
  CHECK_FALSE(solver.accepts(demand, other));
  Demand nested = demand;
  nested.nesting(0) = 0.5;
  CHECK_FALSE(solver.accepts(nested, supply));
  Demand logarithmic = demand;
  logarithmic.price_term = PriceTerm::log;
  CHECK_FALSE(solver.accepts(logarithmic, supply));
}

TEST_CASE("a monopolist without outside good is an error", "[unit]") {
  const Demand demand = make_logit(Eigen::Vector2d(1.0, 2.0), 1.0, false);
  const Supply supply = make_supply(Eigen::Vector2d(1.0, 1.0), Eigen::MatrixXd::Ones(2, 2));
  LogitPriceSolver solver;
  REQUIRE(solver.accepts(demand, supply));
  CHECK_THROWS_AS(solver.solve(demand, supply, {}), NoConvergence);
}
