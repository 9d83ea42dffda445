#include "engine/market/demand.hpp"

#include <cmath>
#include <limits>

#include "engine/market/failure.hpp"
#include "tests/catch.hpp"

namespace {

using namespace entente::market;

constexpr double infinity = std::numeric_limits<double>::infinity();

Demand make_demand(PriceTerm term, double nest, const Eigen::ArrayXXd& utility) {
  Demand demand;
  demand.price_term = term;
  demand.nesting(0) = nest;
  demand.utility = utility;
  demand.weight = Eigen::VectorXd::Ones(utility.cols());
  demand.price_sensitivity = Eigen::VectorXd::Ones(utility.cols());
  return demand;
}

}  // namespace

TEST_CASE("nested logit shares by hand", "[unit]") {
  // λ = ½, V = (ln 2, ln 1): e^{V/λ} = (4, 1), D = 5, D^λ = √5, s_g = √5/(1 + √5).
  Eigen::ArrayXXd utility(2, 1);
  utility << std::log(2.0) + 1.0, 2.0;
  const Demand demand = make_demand(PriceTerm::linear, 0.5, utility);
  const Choice choice = compute_choice(demand, Eigen::Vector2d(1.0, 2.0));
  const double inside = std::sqrt(5.0) / (1.0 + std::sqrt(5.0));
  CHECK(choice.share(0) == Approx(0.8 * inside).epsilon(1e-14));
  CHECK(choice.share(1) == Approx(0.2 * inside).epsilon(1e-14));
  CHECK(choice.outside_share == Approx(1.0 - inside).epsilon(1e-14));
  CHECK(choice.logsum(0) == Approx(std::log(1.0 + std::sqrt(5.0))).epsilon(1e-14));
}

TEST_CASE("cells are averaged by weight and need not sum to one", "[unit]") {
  // Plain logit, V = 0 in the first cell (share ½) and ln 3 in the second (share ¾), weights 3 : 1.
  Eigen::ArrayXXd utility(1, 2);
  utility << 0.0, std::log(3.0);
  Demand demand = make_demand(PriceTerm::log, 1.0, utility);
  demand.weight << 3.0, 1.0;
  const Choice choice = compute_choice(demand, Eigen::VectorXd::Ones(1));
  CHECK(choice.share(0) == Approx((3.0 * 0.5 + 0.75) / 4.0).epsilon(1e-14));
}

TEST_CASE("a product that is not offered has share exactly zero at any price", "[unit]") {
  Eigen::ArrayXXd utility(2, 1);
  utility << 1.0, -infinity;
  const Demand demand = make_demand(PriceTerm::log, 0.3, utility);
  const Choice choice =
      compute_choice(demand, Eigen::Vector2d(1.0, std::numeric_limits<double>::quiet_NaN()));
  CHECK(choice.share(1) == 0.0);
  CHECK(choice.share(0) == Approx(std::exp(1.0) / (1.0 + std::exp(1.0))).epsilon(1e-14));
}

TEST_CASE("a cell that is offered nothing stays outside", "[unit]") {
  Eigen::ArrayXXd utility(1, 2);
  utility << 0.0, -infinity;
  Demand demand = make_demand(PriceTerm::linear, 0.5, utility);
  const Choice choice = compute_choice(demand, Eigen::VectorXd::Zero(1));
  CHECK(choice.outside_share == Approx(0.75));
  CHECK(choice.logsum(1) == 0.0);
  demand.outside_good = false;
  CHECK_THROWS_AS(compute_choice(demand, Eigen::VectorXd::Zero(1)), MarketFailure);
}

TEST_CASE("huge utilities neither overflow nor underflow to NaN", "[unit]") {
  Eigen::ArrayXXd utility(3, 2);
  utility << 5000.0, -5000.0, 4999.0, -5001.0, -5000.0, -9000.0;
  const Demand demand = make_demand(PriceTerm::linear, 0.1, utility);
  const Choice choice = compute_choice(demand, Eigen::VectorXd::Zero(3));
  CHECK(choice.cell_share(0, 0) == Approx(1.0 / (1.0 + std::exp(-10.0))).epsilon(1e-13));
  CHECK(choice.cell_share(2, 0) == 0.0);
  CHECK(choice.cell_share(0, 1) == 0.0);
  CHECK(choice.logsum(0) == Approx(5000.0).epsilon(1e-6));
  CHECK(choice.outside_share == Approx(0.5));
}

TEST_CASE("elasticities by hand", "[unit]") {
  // One cell, plain logit, log price: own −η(1 − s), category −η s0.
  Eigen::ArrayXXd utility(2, 1);
  utility << 0.0, std::log(2.0);
  Demand demand = make_demand(PriceTerm::log, 1.0, utility);
  demand.price_sensitivity << 3.0;
  const Eigen::VectorXd prices = Eigen::VectorXd::Ones(2);
  const Eigen::VectorXd own = compute_own_elasticities(demand, prices);
  CHECK(own(0) == Approx(-3.0 * 0.75).epsilon(1e-14));
  CHECK(own(1) == Approx(-3.0 * 0.5).epsilon(1e-14));
  CHECK(compute_category_elasticity(demand, prices) == Approx(-3.0 * 0.25).epsilon(1e-14));
  // Nested: −(η/λ)(1 − (1−λ) s_{j|g} − λ s_j), with s_g = 3^λ/(1 + 3^λ) once V/λ is (0, ln 2).
  demand.nesting(0) = 0.5;
  demand.utility *= 0.5;
  const double inside = std::sqrt(3.0) / (1.0 + std::sqrt(3.0));
  CHECK(compute_own_elasticities(demand, prices)(1) ==
        Approx(-6.0 * (1.0 - 0.5 * 2.0 / 3.0 - 0.5 * 2.0 / 3.0 * inside)).epsilon(1e-14));
  demand.outside_good = false;
  CHECK(compute_category_elasticity(demand, prices) == 0.0);
}

TEST_CASE("prices a log term cannot take are refused", "[unit]") {
  const Demand demand = make_demand(PriceTerm::log, 1.0, Eigen::ArrayXXd::Zero(1, 1));
  CHECK_THROWS_WITH(compute_choice(demand, Eigen::VectorXd::Zero(1)),
                    entente::test::contains("above 0"));
}
