#include "engine/market/certificate/price_roots.hpp"

#include <cmath>
#include <vector>

#include "engine/market/failure.hpp"
#include "tests/catch.hpp"

namespace {

using namespace entente::market;

Demand make_linear(const Eigen::VectorXd& weight, const Eigen::VectorXd& sensitivity,
                   const Eigen::ArrayXXd& utility) {
  Demand demand;
  demand.price_term = PriceTerm::linear;
  demand.weight = weight;
  demand.price_sensitivity = sensitivity;
  demand.utility = utility;
  return demand;
}

Demand make_triopoly() {
  return make_linear(Eigen::Vector2d(0.9, 0.1), Eigen::Vector2d(4.0, 0.1),
                     Eigen::Vector3d(1.0, 1.2, 0.8).replicate(1, 2).array());
}

double compute_profit(const Demand& demand, const Supply& supply, const Eigen::VectorXd& prices,
                      Eigen::Index maker) {
  const Choice choice = compute_choice(demand, prices);
  double profit = 0.0;
  for (Eigen::Index j = 0; j < prices.size(); ++j) {
    profit += supply.ownership(maker, j) *
              (supply.received(j) * prices(j) - supply.marginal_cost(j)) * choice.share(j);
  }
  return profit;
}

/// d ln(profit of i's owner)/d ln p_i by central differences.
double compute_slope(const Demand& demand, const Supply& supply, const Eigen::VectorXd& prices,
                     Eigen::Index i) {
  const double step = 1e-5 * prices(i);
  Eigen::VectorXd above = prices;
  Eigen::VectorXd below = prices;
  above(i) += step;
  below(i) -= step;
  return (compute_profit(demand, supply, above, i) - compute_profit(demand, supply, below, i)) /
         (2e-5 * compute_profit(demand, supply, prices, i));
}

}  // namespace

TEST_CASE("a monopolist between elastic and captive buyers has the three roots of a 40-digit case",
          "[unit]") {
  const Demand demand = make_linear(Eigen::Vector2d(0.9, 0.1), Eigen::Vector2d(6.0, 0.25),
                                    Eigen::RowVector2d(1.0, 1.0).array());
  const Supply supply = make_supply(Eigen::VectorXd::Constant(1, 0.2), Eigen::MatrixXd::Ones(1, 1));
  const std::vector<PriceRoot> roots = find_price_roots(demand, supply);
  REQUIRE(roots.size() == 3);
  const std::vector<double> price = {0.5197015888563908, 0.6963453351588433, 6.396931318604742};
  const std::vector<double> curvature = {-1.5918265897945587, 1.350684906111581,
                                         -0.2500000002537835};
  const std::vector<double> gain = {3.1128498316822864, 3.193541198725778, 0.0};
  for (std::size_t k = 0; k < 3; ++k) {
    CHECK(roots[k].price(0) == Approx(price[k]).epsilon(1e-14));
    CHECK(roots[k].residual < 1e-14);
    CHECK(roots[k].largest_curvature == Approx(curvature[k]).epsilon(1e-8));
    CHECK(roots[k].is_local_maximum == (k != 1));
    CHECK(roots[k].certificate.gain == Approx(gain[k]).epsilon(1e-12));
    CHECK(roots[k].certificate.holds() == (k == 2));
  }
}

TEST_CASE("a triopoly with captive buyers has five roots, one of them Nash", "[unit]") {
  const Demand demand = make_triopoly();
  const Supply supply =
      make_supply(Eigen::Vector3d(0.5, 0.6, 0.4), make_ownership(Eigen::Vector3i(0, 1, 2)));
  const std::vector<PriceRoot> roots = find_price_roots(demand, supply);
  REQUIRE(roots.size() == 5);
  int nash = 0;
  for (std::size_t k = 0; k < roots.size(); ++k) {
    if (k > 0) CHECK(roots[k].price(0) > roots[k - 1].price(0));
    CHECK(roots[k].residual < 1e-13);
    if (roots[k].certificate.holds()) ++nash;
    if (roots[k].certificate.holds()) CHECK(roots[k].is_local_maximum);
    for (Eigen::Index i = 0; i < 3; ++i)
      CHECK(compute_slope(demand, supply, roots[k].price, i) == Approx(0.0).margin(1e-7));
  }
  CHECK(nash == 1);
  // Stored in a 40-digit reference case as a root that is not Nash.
  CHECK(roots[2].price(0) == Approx(12.47572559174864).epsilon(1e-14));
  CHECK(roots[2].price(2) == Approx(0.8505259689349974).epsilon(1e-14));
  CHECK(roots[2].largest_curvature == Approx(-0.09999999992640364).epsilon(1e-8));
  CHECK(roots[2].certificate.gain == Approx(3.891224163606319).epsilon(1e-12));
}

TEST_CASE("exchanging two products exchanges their prices in every root", "[unit]") {
  Demand demand = make_triopoly();
  Supply supply =
      make_supply(Eigen::Vector3d(0.5, 0.6, 0.4), make_ownership(Eigen::Vector3i(0, 1, 2)));
  const std::vector<PriceRoot> roots = find_price_roots(demand, supply);
  demand.utility.row(0).swap(demand.utility.row(2));
  std::swap(supply.marginal_cost(0), supply.marginal_cost(2));
  const std::vector<PriceRoot> exchanged = find_price_roots(demand, supply);
  REQUIRE(exchanged.size() == roots.size());
  for (const PriceRoot& root : roots) {
    const Eigen::Vector3d expected(root.price(2), root.price(1), root.price(0));
    double nearest = 1.0;
    for (const PriceRoot& other : exchanged)
      nearest = std::min(nearest, (other.price - expected).cwiseAbs().maxCoeff());
    CHECK(nearest < 1e-12);
  }
}

TEST_CASE("the scaled curvature of plain logit is −α at its root, whoever owns what", "[unit]") {
  // H_ij = s_i dF_i/dp_j, F_i = 1 − α m_i + α Σ s_k m_k, and α m (1 − S) = 1: H = −α diag(s).
  const Demand demand = make_linear(Eigen::VectorXd::Ones(1), Eigen::VectorXd::Constant(1, 1.5),
                                    Eigen::Vector4d(1.0, 2.0, 3.0, -400.0).array());
  const Supply supply =
      make_supply(Eigen::Vector4d(0.5, 1.0, 1.2, 1.0), make_ownership(Eigen::Vector4i(0, 1, 1, 1)));
  const std::vector<PriceRoot> roots = find_price_roots(demand, supply);
  REQUIRE(roots.size() == 1);
  CHECK(roots[0].largest_curvature == Approx(-1.5).epsilon(1e-12));
  CHECK(roots[0].price(0) == Approx(1.3000494518137249).epsilon(1e-13));
  CHECK(roots[0].price(2) == Approx(2.3151351799).epsilon(1e-6));
  CHECK(roots[0].certificate.holds());
}

TEST_CASE("several nests, a log price term and a stake have one root in one cell", "[unit]") {
  Demand demand = make_linear(Eigen::VectorXd::Ones(1), Eigen::VectorXd::Constant(1, 3.5),
                              Eigen::Vector4d(1.0, 2.0, 1.5, 0.5).array());
  demand.price_term = PriceTerm::log;
  demand.nesting = Eigen::Vector2d(0.3, 0.7);
  demand.nest = Eigen::Vector4i(0, 1, 0, 1);
  Supply supply =
      make_supply(Eigen::Vector4d(1.0, 1.2, 0.8, 0.5), make_ownership(Eigen::Vector4i(0, 0, 1, 2)));
  supply.ownership(3, 2) = 0.2;
  const std::vector<PriceRoot> roots = find_price_roots(demand, supply);
  REQUIRE(roots.size() == 1);
  for (Eigen::Index i = 0; i < 4; ++i)
    CHECK(compute_slope(demand, supply, roots[0].price, i) == Approx(0.0).margin(1e-8));
  CHECK(roots[0].is_local_maximum);
  CHECK(roots[0].certificate.holds());
}

TEST_CASE("a fixed price stays, a fringe prices for one of its firms", "[unit]") {
  const Demand demand = make_linear(Eigen::VectorXd::Ones(1), Eigen::VectorXd::Ones(1),
                                    Eigen::Vector2d(1.0, 1.0).array());
  Supply supply = make_supply(Eigen::Vector2d(1.0, 1.0), make_ownership(Eigen::Vector2i(0, 1)));
  supply.price_fixed(0) = 1.1;
  supply.fringe(1) = 4.0;
  const std::vector<PriceRoot> roots = find_price_roots(demand, supply);
  REQUIRE(roots.size() == 1);
  CHECK(roots[0].price(0) == 1.1);
  const double share = compute_choice(demand, roots[0].price).share(1);
  CHECK((roots[0].price(1) - 1.0) * (1.0 - share / 4.0) == Approx(1.0).epsilon(1e-12));
  supply.price_fixed(1) = 3.0;
  REQUIRE(find_price_roots(demand, supply).size() == 1);
  CHECK(find_price_roots(demand, supply)[0].price(1) == 3.0);
}

TEST_CASE("a market too large to search is refused", "[unit]") {
  const Demand demand =
      make_linear(Eigen::VectorXd::Ones(1), Eigen::VectorXd::Ones(1), Eigen::ArrayXXd::Zero(13, 1));
  const Supply supply = make_supply(Eigen::VectorXd::Ones(13), Eigen::MatrixXd::Identity(13, 13));
  CHECK_THROWS_WITH(find_price_roots(demand, supply),
                    entente::test::contains("13 products whose sellers set the price"));
}
