#include "engine/market/certificate/pricing_conditions.hpp"

#include <cmath>
#include <limits>
#include <vector>

#include "engine/market/failure.hpp"
#include "tests/catch.hpp"

namespace {

using namespace entente::market;

// Two nests and a product on its own, three cells, one of which is not offered product 1.
Demand make_demand(PriceTerm term) {
  Demand demand;
  demand.price_term = term;
  demand.nesting = Eigen::Vector3d(0.4, 0.75, 1.0);
  demand.nest.resize(6);
  demand.nest << 0, 0, 1, 1, 2, 0;
  demand.weight = Eigen::Vector3d(1.0, 3.0, 2.0);
  demand.price_sensitivity = Eigen::Vector3d(1.3, 2.5, 4.0);
  demand.utility.resize(6, 3);
  demand.utility << 1.0, 0.5, 2.0, 0.2, 1.5, -std::numeric_limits<double>::infinity(), 2.0, 1.0,
      0.3, 0.7, 0.1, 1.9, 1.1, 0.4, 0.8, 0.6, 1.2, 1.4;
  return demand;
}

// Maker of 0, 2 and 4 with a stake in 1; a maker of 1; a maker of 5; 3 has a fixed price.
Supply make_stakes() {
  Eigen::VectorXi seller(6);
  seller << 0, 1, 0, 0, 0, 2;
  Eigen::VectorXd cost(6);
  cost << 0.5, 0.6, 0.4, 0.7, 0.3, 0.5;
  Supply supply = make_supply(cost, make_ownership(seller));
  for (const Eigen::Index i : {0, 2, 3, 4})
    supply.ownership(i, 1) = 0.3;
  supply.price_fixed(3) = 1.2;
  supply.received(2) = 0.9;
  return supply;
}

Eigen::VectorXd make_prices() {
  Eigen::VectorXd prices(6);
  prices << 1.1, 1.3, 0.9, 1.2, 1.0, 1.4;
  return prices;
}

double compute_profit(const Demand& demand, const Supply& supply, const Eigen::VectorXd& prices,
                      const Eigen::VectorXd& weight) {
  const Choice choice = compute_choice(demand, prices);
  double profit = 0.0;
  for (Eigen::Index j = 0; j < prices.size(); ++j) {
    profit +=
        weight(j) * (supply.received(j) * prices(j) - supply.marginal_cost(j)) * choice.share(j);
  }
  return profit;
}

}  // namespace

TEST_CASE("profits with everybody else held are those of the whole choice", "[unit]") {
  for (const PriceTerm term : {PriceTerm::linear, PriceTerm::log}) {
    const Demand demand = make_demand(term);
    const Supply supply = make_stakes();
    const std::vector<DecisionMaker> makers = find_decision_makers(demand, supply);
    REQUIRE(makers.size() == 3);
    CHECK(makers[0].products == std::vector<Eigen::Index>{0, 2, 4});
    for (const DecisionMaker& maker : makers) {
      PricingConditions conditions(demand, supply, {maker}, make_prices());
      conditions.evaluate(Eigen::VectorXd(conditions.position));
      CHECK(conditions.profit(0) ==
            Approx(compute_profit(demand, supply, make_prices(), maker.weight)).epsilon(1e-13));
    }
  }
}

TEST_CASE("slopes are derivatives of profits, and their derivatives are theirs", "[unit]") {
  for (const PriceTerm term : {PriceTerm::linear, PriceTerm::log}) {
    const Demand demand = make_demand(term);
    Supply supply = make_stakes();
    const std::vector<DecisionMaker> makers = find_decision_makers(demand, supply);
    PricingConditions conditions(demand, supply, makers, make_prices());
    const Eigen::VectorXd x = conditions.position;
    conditions.evaluate(x);
    conditions.evaluate_slopes();
    conditions.evaluate_curvature();
    const Eigen::VectorXd slope = conditions.slope;
    const Eigen::VectorXd share = conditions.share;
    const Eigen::MatrixXd jacobian = conditions.slope_jacobian;
    const Eigen::MatrixXd unit_jacobian = conditions.compute_unit_jacobian();
    const std::vector<Eigen::Index> maker_of = {0, 0, 0, 1, 2};
    constexpr double step = 1e-5;
    for (Eigen::Index k = 0; k < x.size(); ++k) {
      Eigen::VectorXd moved = x;
      moved(k) += step;
      conditions.evaluate(moved);
      conditions.evaluate_slopes();
      const double profit_above = conditions.profit(maker_of[static_cast<std::size_t>(k)]);
      const Eigen::VectorXd above = conditions.slope;
      const Eigen::VectorXd unit_above = conditions.compute_unit_conditions();
      moved(k) -= 2.0 * step;
      conditions.evaluate(moved);
      conditions.evaluate_slopes();
      const double profit_below = conditions.profit(maker_of[static_cast<std::size_t>(k)]);
      CHECK(slope(k) * share(k) ==
            Approx((profit_above - profit_below) / (2.0 * step)).margin(1e-9));
      for (Eigen::Index i = 0; i < x.size(); ++i) {
        CHECK(jacobian(i, k) ==
              Approx((above(i) - conditions.slope(i)) / (2.0 * step)).margin(1e-8));
        CHECK(unit_jacobian(i, k) ==
              Approx((unit_above(i) - conditions.compute_unit_conditions()(i)) / (2.0 * step))
                  .margin(1e-8));
      }
    }
  }
}

TEST_CASE("the scaled Hessian of one maker is symmetric and that of its profit", "[unit]") {
  const Demand demand = make_demand(PriceTerm::linear);
  const Supply supply = make_stakes();
  const DecisionMaker maker = find_decision_makers(demand, supply).front();
  PricingConditions conditions(demand, supply, {maker}, make_prices());
  conditions.evaluate(Eigen::VectorXd(conditions.position));
  conditions.evaluate_slopes();
  conditions.evaluate_curvature();
  const Eigen::MatrixXd hessian = conditions.compute_scaled_hessian(0);
  const Eigen::VectorXd share = conditions.share;
  constexpr double step = 1e-4;
  for (std::size_t a = 0; a < 3; ++a) {
    for (std::size_t b = 0; b < 3; ++b) {
      double difference = 0.0;
      for (const double up : {-1.0, 1.0}) {
        for (const double right : {-1.0, 1.0}) {
          Eigen::VectorXd prices = make_prices();
          prices(maker.products[a]) += up * step;
          prices(maker.products[b]) += right * step;
          difference += up * right * compute_profit(demand, supply, prices, maker.weight);
        }
      }
      const auto i = static_cast<Eigen::Index>(a);
      const auto k = static_cast<Eigen::Index>(b);
      CHECK(hessian(i, k) ==
            Approx(difference / (4.0 * step * step * std::sqrt(share(i) * share(k)))).margin(2e-6));
    }
  }
}

TEST_CASE("slopes keep their limit where a share underflows", "[unit]") {
  // Far out of reach F = 1 − α m/λ; with cells of α 2 and 4 and equal utility the less elastic one
  // has all the buyers.
  Demand demand;
  demand.price_term = PriceTerm::linear;
  demand.weight = Eigen::Vector2d(0.5, 0.5);
  demand.price_sensitivity = Eigen::Vector2d(2.0, 4.0);
  demand.utility = Eigen::Array22d::Constant(-3000.0);
  demand.nesting(0) = 0.5;
  const Supply supply = make_supply(Eigen::Vector2d(1.0, 400.0), Eigen::MatrixXd::Ones(2, 2));
  PricingConditions conditions(demand, supply, find_decision_makers(demand, supply),
                               Eigen::Vector2d(1.7, 400.5));
  conditions.evaluate(Eigen::VectorXd(conditions.position));
  conditions.evaluate_slopes();
  CHECK(conditions.share.maxCoeff() == 0.0);
  CHECK(conditions.slope.allFinite());
  CHECK(conditions.sensitivity(1) == Approx(4.0).epsilon(1e-12));
}

TEST_CASE("an invalid price and an empty choice set are refused", "[unit]") {
  const Demand demand = make_demand(PriceTerm::log);
  const Supply supply = make_stakes();
  Eigen::VectorXd prices = make_prices();
  prices(3) = -1.0;
  CHECK_THROWS_AS(PricingConditions(demand, supply, find_decision_makers(demand, supply), prices),
                  InvalidInput);
  Demand empty = make_demand(PriceTerm::linear);
  empty.outside_good = false;
  empty.utility.col(2).setConstant(-std::numeric_limits<double>::infinity());
  CHECK_THROWS_WITH(
      PricingConditions(empty, supply, find_decision_makers(empty, supply), make_prices()),
      entente::test::contains("buyers of cell 2"));
}
