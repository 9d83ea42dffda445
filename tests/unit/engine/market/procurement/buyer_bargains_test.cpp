#include "engine/market/procurement/buyer_bargains.hpp"

#include <cmath>
#include <limits>

#include "engine/market/procurement/bargained_prices.hpp"
#include "tests/catch.hpp"

namespace {

using namespace entente::market;

/// Two buyers who differ in tastes, sensitivity and size; three sellers, close substitutes.
Demand two_buyers(PriceTerm term) {
  Demand demand;
  demand.price_term = term;
  demand.nesting(0) = 0.4;
  demand.weight = Eigen::Vector2d(3.0, 1.0);
  demand.price_sensitivity = Eigen::Vector2d(1.5, 2.0);
  demand.utility.resize(3, 2);
  demand.utility << 1.0, 0.4, 1.6, 1.2, 0.9, 2.0;
  return demand;
}

Demand only(const Demand& demand, Eigen::Index cell) {
  Demand one = demand;
  one.weight = Eigen::VectorXd::Ones(1);
  one.price_sensitivity = demand.price_sensitivity.segment(cell, 1);
  one.utility = demand.utility.col(cell);
  return one;
}

Supply three_sellers(int second = 1) {
  return make_supply(Eigen::Vector3d(0.5, 0.8, 0.6), make_ownership(Eigen::Vector3i(0, second, 2)));
}

const Eigen::ArrayXXd start = Eigen::ArrayXXd::Ones(3, 2);

}  // namespace

TEST_CASE("a price bargained with a buyer, by hand", "[unit]") {
  // s = ½, L = ln 2, η = 2, b = ½: p/m = η(1 − s) + η s/L = 1 + 1/ln 2, so that m = p/(1 + 1/ln 2)
  // and p = c(1 + ln 2).
  Demand demand;
  demand.weight = Eigen::VectorXd::Ones(1);
  demand.price_sensitivity = Eigen::VectorXd::Constant(1, 2.0);
  const double price = 3.0 * (1.0 + std::log(2.0));
  demand.utility = Eigen::ArrayXXd::Constant(1, 1, 2.0 * std::log(price));
  const Supply supply = make_supply(Eigen::VectorXd::Constant(1, 3.0), Eigen::MatrixXd::Ones(1, 1));
  const Eigen::ArrayXXd half = Eigen::ArrayXXd::Constant(1, 1, 0.5);
  const BuyerPrices prices =
      compute_buyer_prices(demand, supply, half, Eigen::ArrayXXd::Constant(1, 1, 4.0));
  CHECK(prices.price(0, 0) == Approx(price).epsilon(1e-9));
  CHECK(compute_buyer_weights(demand, supply, Eigen::ArrayXXd::Constant(1, 1, price))(0, 0) ==
        Approx(0.5).epsilon(1e-12));
}

TEST_CASE("a buyer without weight pays its posted prices, one with all of it the cost", "[unit]") {
  for (const PriceTerm term : {PriceTerm::log, PriceTerm::linear}) {
    const Demand demand = two_buyers(term);
    Supply supply = three_sellers(0);  // the first two are one firm's
    supply.received(1) = 0.9;
    supply.price_fixed(2) = 1.7;
    const Eigen::ArrayXXd none = Eigen::ArrayXXd::Zero(3, 2);
    const BuyerPrices prices = compute_buyer_prices(demand, supply, none, start);
    for (Eigen::Index cell = 0; cell < 2; ++cell) {
      const Prices posted =
          compute_bertrand_prices(only(demand, cell), supply, Eigen::Vector3d::Ones());
      CHECK((posted.price - prices.price.matrix().col(cell)).cwiseAbs().maxCoeff() < 1e-8);
    }
    const BuyerPrices cost =
        compute_buyer_prices(demand, three_sellers(), Eigen::ArrayXXd::Ones(3, 2), start);
    for (Eigen::Index cell = 0; cell < 2; ++cell) {
      CHECK((cost.price.matrix().col(cell) - three_sellers().marginal_cost).isZero(1e-8));
    }
  }
}

TEST_CASE("plain logit in money agrees with the solver of one cell", "[unit]") {
  Demand demand = two_buyers(PriceTerm::linear);
  demand.nesting(0) = 1.0;
  Supply supply = three_sellers(0);
  supply.ownership(2, 0) = 0.3;
  Eigen::ArrayXXd weight(3, 2);
  weight << 0.2, 0.7, 0.5, 0.1, 0.4, 0.9;
  const BuyerPrices prices = compute_buyer_prices(demand, supply, weight, start);
  for (Eigen::Index cell = 0; cell < 2; ++cell) {
    const Prices one =
        compute_bargained_prices(only(demand, cell), supply, weight.matrix().col(cell));
    CHECK((one.price - prices.price.matrix().col(cell)).cwiseAbs().maxCoeff() < 1e-8);
  }
}

TEST_CASE("each buyer's price maximises its Nash product, the others held", "[unit]") {
  for (const PriceTerm term : {PriceTerm::log, PriceTerm::linear}) {
    const Demand demand = two_buyers(term);
    const Supply supply = three_sellers(0);
    const Eigen::ArrayXXd weight = Eigen::ArrayXXd::Constant(3, 2, 0.6);
    const BuyerPrices solved = compute_buyer_prices(demand, supply, weight, start);
    for (Eigen::Index cell = 0; cell < 2; ++cell) {
      for (Eigen::Index i = 0; i < 3; ++i) {
        const auto nash_product = [&](double price) {
          Eigen::VectorXd prices = solved.price.matrix().col(cell);
          prices(i) = price;
          Demand without = only(demand, cell);
          without.utility(i, 0) = -std::numeric_limits<double>::infinity();
          const Choice with = compute_choice(only(demand, cell), prices);
          const Choice left = compute_choice(without, prices);
          const double gain =
              (supply.ownership.row(i).transpose().cwiseProduct(prices - supply.marginal_cost))
                  .dot(with.share - left.share);
          return 0.4 * std::log(gain) + 0.6 * std::log(with.logsum(0) - left.logsum(0));
        };
        const double price = solved.price(i, cell);
        CAPTURE(i, cell, price);
        CHECK(nash_product(price) > nash_product(0.999 * price));
        CHECK(nash_product(price) > nash_product(1.001 * price));
      }
    }
  }
}

TEST_CASE("weights give back the prices they were found from, buyer by buyer", "[unit]") {
  const Demand demand = two_buyers(PriceTerm::log);
  const Supply supply = three_sellers();
  Eigen::ArrayXXd weight(3, 2);
  weight << 0.2, 0.7, 0.5, 0.1, 0.4, 0.9;
  const BuyerPrices solved = compute_buyer_prices(demand, supply, weight, start);
  CHECK(solved.residual <= 1e-10);
  CHECK((compute_buyer_weights(demand, supply, solved.price) - weight).abs().maxCoeff() < 1e-7);
  // What one buyer is worth is nothing to the other's prices; more weight lowers its own.
  weight.col(1) += 0.05;
  const BuyerPrices stronger = compute_buyer_prices(demand, supply, weight, start);
  CHECK((stronger.price.col(0) == solved.price.col(0)).all());
  CHECK((stronger.price.col(1) < solved.price.col(1)).all());
}

TEST_CASE("a rare product's bargain keeps its limit", "[unit]") {
  Demand demand = two_buyers(PriceTerm::linear);
  demand.nesting(0) = 1.0;
  demand.utility.row(0) = -40.0;
  const Eigen::ArrayXXd half = Eigen::ArrayXXd::Constant(3, 2, 0.5);
  const BuyerPrices prices = compute_buyer_prices(demand, three_sellers(), half, start);
  // As the share goes to 0 the margin goes to (1 − b)/α.
  CHECK(prices.price(0, 0) == Approx(0.5 + 0.5 / 1.5).epsilon(1e-9));
}

TEST_CASE("prices that no weight gives, and buyers without choice, are refused", "[unit]") {
  const Demand demand = two_buyers(PriceTerm::log);
  const Supply supply = three_sellers();
  const BuyerPrices posted =
      compute_buyer_prices(demand, supply, Eigen::ArrayXXd::Zero(3, 2), start);
  CHECK((compute_buyer_weights(demand, supply, posted.price) < 1e-6).all());
  Eigen::ArrayXXd dear = posted.price;
  dear(1, 1) *= 1.05;
  try {
    compute_buyer_weights(demand, supply, dear);
    FAIL("a price above the posted one was taken");
  } catch (const NoBuyerBargain& failure) {
    CHECK(failure.product == 1);
    CHECK(failure.cell == 1);
  }
  Eigen::ArrayXXd cheap = posted.price;
  cheap(0, 0) = 0.4;  // below its cost
  CHECK_THROWS_AS(compute_buyer_weights(demand, supply, cheap), NoBuyerBargain);
  Supply fringe = supply;
  fringe.fringe(0) = 3.0;
  CHECK_THROWS_AS(compute_buyer_prices(demand, fringe, start, start), InvalidInput);
  CHECK_THROWS_AS(compute_buyer_prices(demand, supply, 1.1 * start, start), InvalidInput);
  Demand captive = only(demand, 0);
  captive.outside_good = false;
  captive.utility.bottomRows(2) = -std::numeric_limits<double>::infinity();
  CHECK_THROWS_AS(compute_buyer_prices(captive, supply, Eigen::ArrayXXd::Constant(3, 1, 0.5),
                                       Eigen::ArrayXXd::Ones(3, 1)),
                  Infeasible);
}
