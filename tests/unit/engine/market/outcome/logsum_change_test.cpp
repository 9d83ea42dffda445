#include "engine/market/outcome/logsum_change.hpp"

#include <cmath>
#include <limits>

#include "engine/market/failure.hpp"
#include "tests/catch.hpp"

namespace {

using namespace entente::market;

constexpr double infinity = std::numeric_limits<double>::infinity();

Demand make_demand(bool outside_good) {
  Demand demand;
  demand.price_term = PriceTerm::linear;
  demand.outside_good = outside_good;
  demand.nesting = Eigen::Vector2d(0.5, 1.0);
  demand.nest = Eigen::Vector4i(0, 0, 1, 1);
  demand.weight = Eigen::Vector2d(1.0, 2.0);
  demand.price_sensitivity = Eigen::Vector2d(1.0, 0.3);
  demand.utility.resize(4, 2);
  demand.utility << 1.0, 0.2, -0.5, 0.4, 2.0, 1.0, 0.1, -3.0;
  return demand;
}

}  // namespace

TEST_CASE("a large change of logsum is the difference of the two", "[unit]") {
  for (const bool outside_good : {true, false}) {
    const Demand before = make_demand(outside_good);
    Demand after = before;
    after.utility(0, 0) = -infinity;
    after.utility(3, 1) += 5.0;
    const Eigen::Vector4d prices(1.0, 2.0, 3.0, 0.5);
    const Eigen::Vector4d later(1.0, 7.0, 0.1, 0.25);
    const Eigen::VectorXd difference =
        compute_choice(after, later).logsum - compute_choice(before, prices).logsum;
    const Eigen::VectorXd change = compute_logsum_change(before, prices, after, later);
    CHECK((change - difference).cwiseAbs().maxCoeff() < 1e-14);
  }
}

TEST_CASE("a product few people buy moves the logsum by its odds", "[unit]") {
  // It enters with e^−50 beside 1 + e^3: a change of 1e-23 in a logsum of 3.
  Demand before;
  before.price_term = PriceTerm::linear;
  before.weight = Eigen::VectorXd::Ones(1);
  before.price_sensitivity = Eigen::VectorXd::Ones(1);
  before.utility = Eigen::Array2d(4.0, -infinity);
  Demand after = before;
  after.utility(1, 0) = -49.0;
  const Eigen::Vector2d prices(1.0, 1.0);
  const double odds = std::exp(-50.0) / (1.0 + std::exp(3.0));
  CHECK(compute_logsum_change(before, prices, after, prices)(0) == Approx(odds).epsilon(1e-13));
  CHECK(compute_logsum_change(after, prices, before, prices)(0) == Approx(-odds).epsilon(1e-13));
  CHECK(compute_logsum_change(after, prices, after, Eigen::Vector2d(1.0, 2.0))(0) ==
        Approx(odds * std::expm1(-1.0)).epsilon(1e-13));
}

TEST_CASE("other nests are followed by their logsums", "[unit]") {
  const Demand before = make_demand(true);
  Demand after = before;
  after.nest = Eigen::Vector4i(0, 1, 1, 1);
  const Eigen::Vector4d prices(1.0, 2.0, 3.0, 0.5);
  CHECK(compute_logsum_change(before, prices, after, prices)(1) ==
        Approx(compute_choice(after, prices).logsum(1) - compute_choice(before, prices).logsum(1))
            .epsilon(1e-14));
}

TEST_CASE("a change of logsum refuses prices and demand that do not fit", "[unit]") {
  const Demand demand = make_demand(false);
  const Eigen::Vector4d prices(1.0, 2.0, 3.0, 0.5);
  CHECK_THROWS_AS(compute_logsum_change(demand, prices, demand, Eigen::Vector2d(1.0, 2.0)),
                  InvalidInput);
  CHECK_THROWS_AS(
      compute_logsum_change(demand, prices, demand, Eigen::Vector4d(1.0, infinity, 3.0, 0.5)),
      InvalidInput);
  Demand none = demand;
  none.utility.col(0).setConstant(-infinity);
  CHECK_THROWS_AS(compute_logsum_change(demand, prices, none, prices), InvalidInput);
}
