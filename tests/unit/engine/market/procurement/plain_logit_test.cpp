#include "engine/market/procurement/plain_logit.hpp"

#include <limits>

#include "engine/market/failure.hpp"
#include "tests/catch.hpp"

TEST_CASE("plain logit is one cell whose nests do not matter", "[unit]") {
  using namespace entente::market;
  Demand demand;
  demand.price_term = PriceTerm::linear;
  demand.weight = Eigen::VectorXd::Ones(1);
  demand.price_sensitivity = Eigen::VectorXd::Ones(1);
  demand.utility = Eigen::ArrayXXd::Zero(3, 1);
  CHECK(is_plain_logit(demand));
  demand.nesting = Eigen::Vector2d(1.0, 0.5);
  demand.nest = Eigen::Vector3i(0, 0, 1);
  CHECK(is_plain_logit(demand));
  demand.nest = Eigen::Vector3i(0, 1, 1);
  CHECK_FALSE(is_plain_logit(demand));
  demand.utility(2, 0) = -std::numeric_limits<double>::infinity();
  CHECK(is_plain_logit(demand));
  CHECK_NOTHROW(require_one_linear_cell(demand, "game"));
  demand.utility = Eigen::ArrayXXd::Zero(3, 2);
  CHECK_FALSE(is_plain_logit(demand));
  CHECK_THROWS_AS(require_one_linear_cell(demand, "game"), InvalidInput);
  demand.utility = Eigen::ArrayXXd::Zero(3, 1);
  demand.price_term = PriceTerm::log;
  CHECK_THROWS_AS(require_one_linear_cell(demand, "game"), InvalidInput);
}
