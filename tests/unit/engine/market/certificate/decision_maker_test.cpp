#include "engine/market/certificate/decision_maker.hpp"

#include <limits>
#include <vector>

#include "engine/market/failure.hpp"
#include "tests/catch.hpp"

namespace {

using namespace entente::market;
using Products = std::vector<Eigen::Index>;

Demand make_demand(Eigen::Index products) {
  Demand demand;
  demand.price_term = PriceTerm::linear;
  demand.weight = Eigen::Vector2d(1.0, 0.0);
  demand.price_sensitivity = Eigen::Vector2d(1.0, 1.0);
  demand.utility = Eigen::ArrayXXd::Zero(products, 2);
  return demand;
}

}  // namespace

TEST_CASE("products with proportional rows of Ω are decided together", "[unit]") {
  Eigen::Matrix4d ownership;
  ownership << 1.0, 0.0, 1.0, 0.5,  //
      0.0, 1.0, 0.0, 0.0,           //
      3.0, 0.0, 3.0, 1.5,           // three times the first
      1.0, 0.0, 1.0, 0.6;           // nearly, but not
  const Supply supply = make_supply(Eigen::Vector4d::Ones(), ownership);
  const std::vector<DecisionMaker> makers = find_decision_makers(make_demand(4), supply);
  REQUIRE(makers.size() == 3);
  CHECK(makers[0].products == Products{0, 2});
  CHECK(makers[0].weight == Eigen::Vector4d(1.0, 0.0, 1.0, 0.5));
  CHECK(makers[1].products == Products{1});
  CHECK(makers[2].products == Products{3});
  CHECK(makers[2].weight(0) == 1.0 / 0.6);
}

TEST_CASE("fixed prices and products nobody is offered are decided by nobody, a fringe alone",
          "[unit]") {
  Demand demand = make_demand(4);
  demand.utility(1, 0) = -std::numeric_limits<double>::infinity();  // cell 1 has no buyers
  Supply supply = make_supply(Eigen::Vector4d::Ones(), Eigen::Matrix4d::Ones());
  supply.price_fixed(0) = 2.0;
  supply.fringe(3) = 5.0;
  const std::vector<DecisionMaker> makers = find_decision_makers(demand, supply);
  REQUIRE(makers.size() == 2);
  CHECK(makers[0].products == Products{2});
  CHECK(makers[1].products == Products{3});
  CHECK(makers[1].firms == 5.0);
}

TEST_CASE("a supply that decides no price is refused with its entry", "[unit]") {
  Supply supply = make_supply(Eigen::Vector2d::Ones(), Eigen::Matrix2d::Identity());
  supply.ownership(1, 1) = 0.0;
  CHECK_THROWS_WITH(find_decision_makers(make_demand(2), supply),
                    entente::test::contains("owner of product 1"));
  supply.ownership(1, 1) = 1.0;
  supply.fringe(0) = 0.5;
  CHECK_THROWS_AS(find_decision_makers(make_demand(2), supply), InvalidInput);
  CHECK_THROWS_WITH(find_decision_makers(make_demand(3), supply),
                    entente::test::contains("marginal cost has 2 entries for 3 products"));
}
