#include "engine/market/outcome/surplus.hpp"

#include <cmath>
#include <limits>

#include "engine/market/failure.hpp"
#include "tests/catch.hpp"

namespace {

using namespace entente::market;

}  // namespace

TEST_CASE("surplus change by hand", "[unit]") {
  Demand demand;
  demand.price_term = PriceTerm::linear;
  demand.weight = Eigen::Vector2d(3.0, 1.0);
  demand.price_sensitivity = Eigen::Vector2d(2.0, 4.0);
  demand.utility = Eigen::ArrayXXd::Zero(1, 2);
  Choice before;
  before.logsum = Eigen::Vector2d(1.0, 1.0);
  Choice after;
  after.logsum = Eigen::Vector2d(1.5, 0.6);
  // (3 · 0.5/2 − 1 · 0.4/4) / 4 = (0.75 − 0.1)/4
  CHECK(compute_surplus_change(demand, before, after, Eigen::VectorXd()) == Approx(0.1625));
  demand.price_term = PriceTerm::log;
  CHECK(compute_surplus_change(demand, before, after, Eigen::Vector2d(10.0, 100.0)) ==
        Approx((7.5 - 10.0) / 4.0));
}

TEST_CASE("a common price change of 1% moves surplus by 1% of spending to first order", "[unit]") {
  // Without an outside good and with a log term the equivalent change is exact: ln 1.01.
  Demand demand;
  demand.outside_good = false;
  demand.weight = Eigen::VectorXd::Ones(1);
  demand.price_sensitivity = Eigen::VectorXd::Constant(1, 3.0);
  demand.utility = Eigen::Array2d(0.3, 0.1);
  const Eigen::Vector2d prices(2.0, 3.0);
  const double change = compute_surplus_change(demand, compute_choice(demand, prices),
                                               compute_choice(demand, 1.01 * prices),
                                               Eigen::VectorXd::Constant(1, 5));
  CHECK(change == Approx(-5.0 * std::log(1.01)).epsilon(1e-12));
}
namespace {

/// Two cells with different sensitivities, two nests, three products.
Demand make_market(PriceTerm term) {
  Demand demand;
  demand.price_term = term;
  demand.nesting = Eigen::Vector2d(0.6, 0.8);
  demand.nest = Eigen::Vector3i(0, 0, 1);
  demand.weight = Eigen::Vector2d(3.0, 1.0);
  demand.price_sensitivity = Eigen::Vector2d(2.0, 1.5);
  demand.utility.resize(3, 2);
  demand.utility << 1.0, 2.0, 0.5, 1.5, 1.2, -0.3;
  return demand;
}

}  // namespace

TEST_CASE("surplus of a product with even odds is ln 2 over sensitivity", "[unit]") {
  Demand demand;
  demand.price_term = PriceTerm::linear;
  demand.weight = Eigen::Vector2d(3.0, 1.0);
  demand.price_sensitivity = Eigen::Vector2d(2.0, 4.0);
  demand.utility.resize(1, 2);
  demand.utility << 6.0, 12.0;
  // At price 3, V = 0 in both cells: ln 2 (3/2 + 1/4)/4.
  const Choice choice = compute_choice(demand, Eigen::VectorXd::Constant(1, 3.0));
  CHECK(compute_consumer_surplus(demand, choice) ==
        Approx(std::log(2.0) * 1.75 / 4.0).epsilon(1e-14));
  // Twice as many buyers are no different.
  demand.weight *= 2.0;
  CHECK(compute_consumer_surplus(demand, choice) ==
        Approx(std::log(2.0) * 1.75 / 4.0).epsilon(1e-14));
  demand.price_term = PriceTerm::log;
  CHECK_THROWS_AS(compute_consumer_surplus(demand, choice), InvalidInput);
}

TEST_CASE("surplus is relative to the utility of the reference without an outside good", "[unit]") {
  Demand demand = make_market(PriceTerm::linear);
  demand.outside_good = false;
  const Eigen::Vector3d prices(1.0, 1.1, 0.9);
  const Choice before = compute_choice(demand, prices);
  const double level = compute_consumer_surplus(demand, before);
  demand.utility += 1.0;
  // One unit of utility more for everybody: (3/2 + 1/1.5)/4.
  CHECK(compute_consumer_surplus(demand, compute_choice(demand, prices)) - level ==
        Approx((1.5 + 1.0 / 1.5) / 4.0).epsilon(1e-12));
}

TEST_CASE("surplus of shares near zero is the shares over sensitivity", "[unit]") {
  Demand demand;
  demand.price_term = PriceTerm::linear;
  demand.weight = Eigen::VectorXd::Ones(1);
  demand.price_sensitivity = Eigen::VectorXd::Constant(1, 2.0);
  demand.utility = Eigen::Array2d(-100.0, -101.0);
  const Eigen::Vector2d prices(1.0, 1.0);
  const double odds = std::exp(-102.0) + std::exp(-103.0);
  CHECK(compute_consumer_surplus(demand, compute_choice(demand, prices)) ==
        Approx(odds / 2.0).epsilon(1e-13));
  // The first product at another price, 1 dearer: it loses e^−102 (1 − e^−2).
  const Eigen::Vector2d later(2.0, 1.0);
  const double loss = std::exp(-102.0) * -std::expm1(-2.0) / 2.0;
  CHECK(compute_compensating_variation(demand, compute_choice(demand, prices), demand,
                                       compute_choice(demand, later),
                                       Eigen::VectorXd()) == Approx(loss).epsilon(1e-13));
  CHECK(compute_compensating_variation(demand, prices, demand, later, Eigen::VectorXd()) ==
        Approx(loss).epsilon(1e-13));
}

TEST_CASE("compensating variation is zero to the last bit where nothing changes", "[unit]") {
  for (const PriceTerm term : {PriceTerm::linear, PriceTerm::log}) {
    const Demand demand = make_market(term);
    const Eigen::Vector3d prices(1.3, 1.1, 0.7);
    const Choice choice = compute_choice(demand, prices);
    const Eigen::VectorXd spending = compute_spending(choice, prices);
    const double by_choice =
        compute_compensating_variation(demand, choice, demand, choice, spending);
    CHECK(by_choice == 0.0);
    CHECK_FALSE(std::signbit(by_choice));
    CHECK(compute_compensating_variation(demand, prices, demand, prices, spending) == 0.0);
  }
}

TEST_CASE("compensating variation is minus the surplus change, from choices and prices", "[unit]") {
  for (const PriceTerm term : {PriceTerm::linear, PriceTerm::log}) {
    const Demand before = make_market(term);
    Demand after = before;
    after.utility.row(2) += 0.4;
    const Eigen::Vector3d prices(1.3, 1.1, 0.7);
    const Eigen::Vector3d later(1.5, 1.2, 0.9);
    const Choice first = compute_choice(before, prices);
    const Choice second = compute_choice(after, later);
    const Eigen::VectorXd spending = compute_spending(first, prices);
    const double change = compute_surplus_change(before, first, second, spending);
    CHECK(compute_compensating_variation(before, first, after, second, spending) == -change);
    CHECK(compute_compensating_variation(before, prices, after, later, spending) ==
          Approx(-change).epsilon(1e-13));
  }
}

TEST_CASE("a small price rise costs buyers what they buy times the rise", "[unit]") {
  // Roy's identity, at a step of 1e-12 where a difference of logsums has four figures left.
  const Demand demand = make_market(PriceTerm::linear);
  const Eigen::Vector3d prices(1.0, 1.25, 0.75);
  const double step = std::ldexp(1.0, -40);
  const Eigen::Vector3d later(1.0, 1.25 + step, 0.75);
  CHECK(compute_compensating_variation(demand, prices, demand, later, Eigen::VectorXd()) ==
        Approx(step * compute_choice(demand, prices).share(1)).epsilon(1e-11));
  // With a log term: spending on all goods times the fall in logsum over η, s_1·(step/p_1).
  Demand log_demand = make_market(PriceTerm::log);
  log_demand.weight(1) = 0.0;
  CHECK(compute_compensating_variation(log_demand, prices, log_demand, later,
                                       Eigen::Vector2d(10.0, 0.0)) ==
        Approx(10.0 * step / 1.25 * compute_choice(log_demand, prices).share(1)).epsilon(1e-11));
}

TEST_CASE("spending by hand", "[unit]") {
  Choice choice;
  choice.cell_share.resize(2, 2);
  choice.cell_share << 0.5, 0.2, 0.0, 0.1;
  const Eigen::VectorXd spending = compute_spending(choice, Eigen::Vector2d(2.0, 10.0));
  CHECK(spending(0) == Approx(1.0));
  CHECK(spending(1) == Approx(1.4));
}

TEST_CASE("surplus refuses buyers that do not agree", "[unit]") {
  const Demand demand = make_market(PriceTerm::linear);
  const Eigen::Vector3d prices(1.0, 1.0, 1.0);
  const Choice choice = compute_choice(demand, prices);
  Demand other = demand;
  other.price_sensitivity(0) = 3.0;
  CHECK_THROWS_AS(compute_compensating_variation(demand, choice, other, choice, Eigen::VectorXd()),
                  InvalidInput);
  other = demand;
  other.outside_good = false;
  CHECK_THROWS_AS(compute_compensating_variation(demand, prices, other, prices, Eigen::VectorXd()),
                  InvalidInput);
  const Demand log_demand = make_market(PriceTerm::log);
  CHECK_THROWS_AS(compute_surplus_change(log_demand, choice, choice, Eigen::VectorXd::Ones(1)),
                  InvalidInput);
  Choice short_choice = choice;
  short_choice.logsum = Eigen::VectorXd::Zero(1);
  CHECK_THROWS_AS(compute_consumer_surplus(demand, short_choice), InvalidInput);
}
