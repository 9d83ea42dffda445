#include "engine/market/certificate/best_response.hpp"

#include <cmath>
#include <vector>

#include "engine/market/pricing.hpp"
#include "tests/catch.hpp"

namespace {

using namespace entente::market;

// An owner of two products whose buyers differ in what they love and in how they mind the price.
Demand make_demand(PriceTerm term) {
  Demand demand;
  demand.price_term = term;
  demand.nesting(0) = 0.8;
  demand.weight = Eigen::Vector3d(0.5, 0.3, 0.2);
  demand.price_sensitivity =
      term == PriceTerm::linear ? Eigen::Vector3d(6.0, 1.0, 0.2) : Eigen::Vector3d(7.0, 3.0, 1.4);
  demand.utility.resize(3, 3);
  demand.utility << 2.0, 0.0, 1.5, 0.5, 3.0, 0.5, 1.0, 1.0, 0.0;
  return demand;
}

double compute_profit(const Demand& demand, const Supply& supply, const Eigen::VectorXd& prices) {
  const Choice choice = compute_choice(demand, prices);
  return (prices(0) - supply.marginal_cost(0)) * choice.share(0) +
         (prices(1) - supply.marginal_cost(1)) * choice.share(1);
}

}  // namespace

TEST_CASE("no pair of prices on a fine grid beats the best response", "[unit]") {
  for (const PriceTerm term : {PriceTerm::linear, PriceTerm::log}) {
    const Demand demand = make_demand(term);
    const Supply supply =
        make_supply(Eigen::Vector3d(0.3, 0.5, 0.4), make_ownership(Eigen::Vector3i(0, 0, 1)));
    const DecisionMaker maker = find_decision_makers(demand, supply).front();
    const Eigen::VectorXd given = Eigen::Vector3d(0.5, 0.8, 0.7);
    const BestResponse response = find_best_response(demand, supply, maker, given);
    Eigen::VectorXd prices = given;
    prices.head(2) = response.price;
    CHECK(response.profit == Approx(compute_profit(demand, supply, prices)).epsilon(1e-13));
    CHECK(response.profit_before == Approx(compute_profit(demand, supply, given)).epsilon(1e-13));
    CHECK(response.gain > 0.0);
    double best = 0.0;
    for (int a = 0; a < 120; ++a) {
      for (int b = 0; b < 120; ++b) {
        prices(0) = 0.3 + 0.05 * std::pow(1.065, a);
        prices(1) = 0.5 + 0.05 * std::pow(1.065, b);
        best = std::max(best, compute_profit(demand, supply, prices));
      }
    }
    CHECK(best <= response.profit);
    CHECK(best >= 0.99 * response.profit);
  }
}

TEST_CASE("the best response does not depend on where it starts", "[unit]") {
  const Demand demand = make_demand(PriceTerm::linear);
  const Supply supply =
      make_supply(Eigen::Vector3d(0.3, 0.5, 0.4), make_ownership(Eigen::Vector3i(0, 0, 1)));
  const DecisionMaker maker = find_decision_makers(demand, supply).front();
  const Eigen::VectorXd first =
      find_best_response(demand, supply, maker, Eigen::Vector3d(0.5, 0.8, 0.7)).price;
  const Eigen::VectorXd second =
      find_best_response(demand, supply, maker, Eigen::Vector3d(300.0, 40.0, 0.7)).price;
  CHECK(first(0) == Approx(second(0)).epsilon(1e-11));
  CHECK(first(1) == Approx(second(1)).epsilon(1e-11));
}
