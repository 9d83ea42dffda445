#include "engine/market/procurement/bargained_prices.hpp"

#include <cmath>
#include <limits>
#include <vector>

#include "engine/market/failure.hpp"
#include "engine/market/procurement/bargained_markup.hpp"
#include "tests/catch.hpp"

namespace {

using namespace entente::market;

constexpr double infinity = std::numeric_limits<double>::infinity();

Demand make_demand(double alpha, const std::vector<double>& utility) {
  Demand demand;
  demand.price_term = PriceTerm::linear;
  demand.weight = Eigen::VectorXd::Ones(1);
  demand.price_sensitivity = Eigen::VectorXd::Constant(1, alpha);
  demand.utility =
      Eigen::Map<const Eigen::ArrayXd>(utility.data(), static_cast<Eigen::Index>(utility.size()));
  return demand;
}

double largest_gap(const Eigen::VectorXd& a, const Eigen::VectorXd& b) {
  return (a - b).cwiseAbs().maxCoeff();
}

}  // namespace

TEST_CASE("a bargained price by hand", "[unit]") {
  // s = ½ and b = ½: α m (1−s) = ln 2/(ln 2 + 1).
  const double markup = 2.0 * std::log(2.0) / (std::log(2.0) + 1.0);
  const Supply supply = make_supply(Eigen::VectorXd::Ones(1), Eigen::MatrixXd::Ones(1, 1));
  const Prices prices = compute_bargained_prices(make_demand(1.0, {1.0 + markup}), supply,
                                                 Eigen::VectorXd::Constant(1, 0.5));
  CHECK(prices.price(0) == Approx(1.0 + markup).epsilon(1e-14));
  CHECK(prices.markup(0) == Approx(markup).epsilon(1e-14));
  CHECK(prices.residual < 1e-13);
}

TEST_CASE("buyers without weight pay posted prices, with full weight the cost", "[unit]") {
  const Demand demand = make_demand(1.2, {2.0, 1.0, 2.5, 0.3});
  Eigen::Matrix4d ownership = make_ownership(Eigen::Vector4i(0, 0, 1, 2));
  ownership(2, 3) = 0.4;
  Supply supply = make_supply(Eigen::Vector4d(0.5, 0.4, 0.8, 0.2), ownership);
  supply.received(1) = 0.8;
  supply.fringe(3) = 2.5;
  supply.price_fixed(2) = 1.9;
  const Prices posted = compute_bertrand_prices(demand, supply, Eigen::Vector4d::Ones());
  const Prices bargained = compute_bargained_prices(demand, supply, Eigen::Vector4d::Zero());
  CHECK(largest_gap(posted.price, bargained.price) < 1e-9);
  const Supply apart = make_supply(supply.marginal_cost, Eigen::Matrix4d::Identity());
  CHECK(compute_bargained_prices(demand, apart, Eigen::Vector4d::Ones()).price ==
        supply.marginal_cost);
}

TEST_CASE("each price maximises the Nash product, the others held", "[unit]") {
  // b ln(buyers' loss without i) + (1−b) ln(the firm's loss without i): its slope in p_i vanishes.
  const Demand demand = make_demand(1.5, {1.0, 2.0, 1.4});
  const Eigen::Vector3d cost(0.5, 1.0, 0.7);
  const Eigen::Vector3d weight(0.3, 0.6, 0.8);
  const Eigen::Matrix3d ownership = make_ownership(Eigen::Vector3i(0, 0, 1));
  const Prices solved = compute_bargained_prices(demand, make_supply(cost, ownership), weight);
  for (Eigen::Index i = 0; i < 3; ++i) {
    const auto nash_product = [&](double price) {
      Eigen::VectorXd prices = solved.price;
      prices(i) = price;
      Demand without = demand;
      without.utility(i, 0) = -infinity;
      const Choice with = compute_choice(demand, prices);
      const Choice none = compute_choice(without, prices);
      double gain = 0.0;
      for (Eigen::Index j = 0; j < 3; ++j)
        gain += ownership(i, j) * (prices(j) - cost(j)) * (with.share(j) - none.share(j));
      return weight(i) * std::log(with.logsum(0) - none.logsum(0)) +
             (1.0 - weight(i)) * std::log(gain);
    };
    const double step = 1e-4;
    const double at = solved.price(i);
    CHECK(std::abs(nash_product(at + step) - nash_product(at - step)) / (2.0 * step) < 1e-6);
    CHECK(nash_product(at) > nash_product(at + 0.05));
    CHECK(nash_product(at) > nash_product(at - 0.05));
  }
}

TEST_CASE("prices fall as buyers' weight rises", "[unit]") {
  const Demand demand = make_demand(1.0, {3.0, 2.0, 1.0});
  const Supply supply =
      make_supply(Eigen::Vector3d::Ones(), make_ownership(Eigen::Vector3i(0, 0, 1)));
  Eigen::VectorXd last = Eigen::VectorXd::Constant(3, infinity);
  for (const double weight : {0.0, 0.2, 0.5, 0.9, 0.99, 0.999999}) {
    const Prices prices =
        compute_bargained_prices(demand, supply, Eigen::VectorXd::Constant(3, weight));
    CHECK((prices.price.array() < last.array()).all());
    CHECK((prices.markup.array() > 0.0).all());
    last = prices.price;
  }
}

TEST_CASE("a product nearly nobody buys keeps the seller's part of 1/α", "[unit]") {
  const Demand demand = make_demand(2.0, {1.0, -60.0, -900.0});
  const Prices prices = compute_bargained_prices(
      demand, make_supply(Eigen::Vector3d::Ones(), Eigen::Matrix3d::Identity()),
      Eigen::Vector3d(0.5, 0.3, 0.3));
  CHECK(prices.markup(1) == Approx(0.35).epsilon(1e-13));
  CHECK(prices.markup(2) == Approx(0.35).epsilon(1e-13));
}

TEST_CASE("a firm that nearly everybody buys from", "[unit]") {
  // Alone beside the outside good, x = δ − α p: the solution of α m = K(x).
  for (const double utility : {60.0, 700.0, 5000.0}) {
    for (const double weight : {0.0, 0.5, 0.99}) {
      const Supply one = make_supply(Eigen::VectorXd::Ones(1), Eigen::MatrixXd::Ones(1, 1));
      const Prices prices = compute_bargained_prices(make_demand(1.0, {utility}), one,
                                                     Eigen::VectorXd::Constant(1, weight));
      const double expected = compute_bargained_markup(utility - prices.price(0), weight).value;
      CHECK(prices.markup(0) == Approx(expected).epsilon(1e-9));
    }
  }
  // Two products of one owner: α m = K(x) + t m, t its other product's part of what is left.
  const Prices pair = compute_bargained_prices(
      make_demand(1.0, {60.0, 60.5}), make_supply(Eigen::Vector2d::Ones(), Eigen::Matrix2d::Ones()),
      Eigen::Vector2d::Zero());
  CHECK(pair.price(0) == Approx(56.967337832933914).epsilon(1e-12));
  CHECK(pair.price(1) == Approx(56.967337832933914).epsilon(1e-12));
}

TEST_CASE("without an outside good only differences in utility matter", "[unit]") {
  Demand demand = make_demand(1.0, {0.0, 0.5, 1.0});
  demand.outside_good = false;
  const Supply supply = make_supply(Eigen::Vector3d(1.0, 1.0, 1.2), Eigen::Matrix3d::Identity());
  const Eigen::Vector3d weight(0.2, 0.5, 0.7);
  const Prices prices = compute_bargained_prices(demand, supply, weight);
  demand.utility += 50.0;
  CHECK(largest_gap(prices.price, compute_bargained_prices(demand, supply, weight).price) < 1e-12);
  // A whole owner of the market has no best price.
  CHECK_THROWS_AS(
      compute_bargained_prices(
          demand, make_supply(Eigen::Vector3d::Ones(), Eigen::Matrix3d::Ones()), weight),
      Infeasible);
}

TEST_CASE("a fringe of three is three equal firms", "[unit]") {
  const double part = std::log(3.0);
  const Eigen::Vector2d weight(0.4, 0.6);
  Supply supply = make_supply(Eigen::Vector2d(1.0, 0.5), Eigen::Matrix2d::Identity());
  supply.fringe(1) = 3.0;
  const Prices fringe = compute_bargained_prices(make_demand(1.3, {2.0, 3.0}), supply, weight);
  const Prices firms = compute_bargained_prices(
      make_demand(1.3, {2.0, 3.0 - part, 3.0 - part, 3.0 - part}),
      make_supply(Eigen::Vector4d(1.0, 0.5, 0.5, 0.5), Eigen::Matrix4d::Identity()),
      Eigen::Vector4d(0.4, 0.6, 0.6, 0.6));
  CHECK(fringe.price(0) == Approx(firms.price(0)).epsilon(1e-13));
  CHECK(fringe.price(1) == Approx(firms.price(2)).epsilon(1e-13));
}

TEST_CASE("bargained prices refuse what they cannot answer", "[unit]") {
  const Demand demand = make_demand(1.0, {1.0, 2.0});
  const Supply supply = make_supply(Eigen::Vector2d::Ones(), Eigen::Matrix2d::Identity());
  const Eigen::Vector2d half(0.5, 0.5);
  CHECK_THROWS_AS(compute_bargained_prices(demand, supply, Eigen::Vector2d(0.5, 1.1)),
                  InvalidInput);
  CHECK_THROWS_AS(compute_bargained_prices(demand, supply, Eigen::VectorXd::Ones(1)), InvalidInput);
  Supply bad = supply;
  bad.marginal_cost(0) = infinity;
  CHECK_THROWS_AS(compute_bargained_prices(demand, bad, half), InvalidInput);
  Demand nested = demand;
  nested.nesting(0) = 0.5;
  CHECK_THROWS_AS(compute_bargained_prices(nested, supply, half), InvalidInput);
  Demand log_price = demand;
  log_price.price_term = PriceTerm::log;
  CHECK_THROWS_AS(compute_bargained_prices(log_price, supply, half), InvalidInput);
  PricingOptions hurried;
  hurried.max_iterations = 0;
  CHECK_THROWS_AS(compute_bargained_prices(demand, supply, half, hurried), NoConvergence);
}

TEST_CASE("bargained prices of an ordinary market take a few Newton steps", "[unit]") {
  // Wrong derivatives would still converge, by rounds of answers.
  const Demand demand = make_demand(1.2, {2.0, 1.0, 2.5, 0.3});
  Eigen::Matrix4d ownership = make_ownership(Eigen::Vector4i(0, 0, 1, 2));
  ownership(2, 3) = 0.4;
  Supply supply = make_supply(Eigen::Vector4d(0.5, 0.4, 0.8, 0.2), ownership);
  supply.received(1) = 0.8;
  supply.fringe(3) = 2.5;
  const Prices prices =
      compute_bargained_prices(demand, supply, Eigen::Vector4d(0.1, 0.3, 0.5, 0.2));
  CHECK(prices.iterations <= 6);
  CHECK(prices.residual < 1e-14);
}

TEST_CASE("owners of nearly everything with unlike buyers settle", "[unit]") {
  // Rounds of answers alone creep or turn back and forth here. Checked by the product's condition
  // in logs, and by its neighbours': α m_i = K(x_i) + Σ t_j α m_j.
  const std::vector<std::vector<double>> utilities = {
      {15.4, 20.6, 68.2}, {347.1, 355.3, 361.9}, {-39.6, 28.3, 27.9}};
  const Eigen::Vector3d weight(0.81, 0.93, 0.12);
  for (const std::vector<double>& utility : utilities) {
    const Prices prices = compute_bargained_prices(
        make_demand(1.0, utility), make_supply(Eigen::Vector3d::Zero(), Eigen::Matrix3d::Ones()),
        weight);
    CHECK(prices.iterations < 200);
    for (Eigen::Index i = 0; i < 3; ++i) {
      double rest = 1.0;
      double regained = 0.0;
      for (Eigen::Index j = 0; j < 3; ++j) {
        if (j == i) continue;
        const double odds = std::exp(utility[static_cast<std::size_t>(j)] - prices.price(j));
        rest += odds;
        regained += odds * prices.price(j);
      }
      const double x = utility[static_cast<std::size_t>(i)] - prices.price(i) - std::log(rest);
      const double required = compute_bargained_markup(x, weight(i)).value + regained / rest;
      CHECK(prices.price(i) == Approx(required).epsilon(1e-10));
    }
  }
}

TEST_CASE("prices that mutual stakes drive up without end are no answer", "[unit]") {
  Demand demand = make_demand(1.0, {0.0, 0.0});
  demand.outside_good = false;
  Eigen::Matrix2d ownership;
  ownership << 1.0, 0.9, 0.8, 1.0;
  Supply supply = make_supply(Eigen::Vector2d::Ones(), ownership);
  supply.received << 0.75, 0.5;
  CHECK_THROWS_AS(compute_bargained_prices(demand, supply, Eigen::Vector2d(0.1, 0.3)),
                  NoConvergence);
}
