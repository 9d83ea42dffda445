#include "engine/market/outcome/pass_through.hpp"

#include <cmath>
#include <limits>

#include "engine/market/failure.hpp"
#include "tests/catch.hpp"

namespace {

using namespace entente::market;

constexpr double infinity = std::numeric_limits<double>::infinity();

Demand make_monopoly(PriceTerm term, double sensitivity, double utility) {
  Demand demand;
  demand.price_term = term;
  demand.weight = Eigen::VectorXd::Ones(1);
  demand.price_sensitivity = Eigen::VectorXd::Constant(1, sensitivity);
  demand.utility = Eigen::ArrayXXd::Constant(1, 1, utility);
  return demand;
}

Supply make_single(double cost) {
  return make_supply(Eigen::VectorXd::Constant(1, cost), Eigen::MatrixXd::Ones(1, 1));
}

/// Three cells, four products, two nests of which the caller sets the λ.
Demand make_mixed(PriceTerm term, double first_nesting, double second_nesting) {
  Demand demand;
  demand.price_term = term;
  demand.nesting = Eigen::Vector2d(first_nesting, second_nesting);
  demand.nest = Eigen::Vector4i(0, 1, 0, 1);
  demand.weight = Eigen::Vector3d(2.0, 1.0, 0.5);
  demand.price_sensitivity = Eigen::Vector3d(2.5, 3.5, 4.0);
  demand.utility.resize(4, 3);
  demand.utility << 3.0, 2.0, 4.0, 1.5, 3.5, 2.0, 2.0, 2.5, -infinity, 4.0, 1.0, 3.0;
  return demand;
}

Supply make_stakes() {
  Eigen::Matrix4d ownership;
  ownership << 1.0, 1.0, 0.3, 0.0, 1.0, 1.0, 0.0, 0.2, 0.0, 0.0, 2.0, 0.5, 0.0, 0.4, 0.0, 1.0;
  Supply supply = make_supply(Eigen::Vector4d(0.6, 0.8, 0.5, 0.9), ownership);
  supply.received(1) = 0.9;
  supply.fringe(3) = 3.0;
  return supply;
}

Eigen::VectorXd solve_prices(const Demand& demand, const Supply& supply) {
  PricingOptions options;
  options.tolerance = 1e-13;
  const Eigen::VectorXd start = 2.0 * supply.marginal_cost;
  return compute_bertrand_prices(demand, supply, start, options).price;
}

/// Largest gap between the analytic pass-through and Richardson's central differences of solved
/// equilibria.
double compute_gap(const Demand& demand, const Supply& supply) {
  const Eigen::MatrixXd pass_through =
      compute_pass_through(demand, supply, solve_prices(demand, supply));
  const auto difference = [&](Eigen::Index k, double step) {
    Supply up = supply;
    Supply down = supply;
    up.marginal_cost(k) += step;
    down.marginal_cost(k) -= step;
    return Eigen::VectorXd((solve_prices(demand, up) - solve_prices(demand, down)) / (2.0 * step));
  };
  double gap = 0.0;
  for (Eigen::Index k = 0; k < supply.marginal_cost.size(); ++k) {
    const Eigen::VectorXd slope = (4.0 * difference(k, 5e-4) - difference(k, 1e-3)) / 3.0;
    gap = std::max(gap, (pass_through.col(k) - slope).cwiseAbs().maxCoeff());
  }
  return gap;
}

}  // namespace

TEST_CASE("a logit monopolist passes on the outside share of its cost", "[unit]") {
  // α m (1−s) = 1, ds/dp = −α s (1−s): dm/dp = −s/(1−s), so dp/dc = 1/(1 + s/(1−s)) = 1 − s.
  // At s = ¼, α = 2: m = 2/3, V = −ln 3.
  const double price = 1.0 + 2.0 / 3.0;
  const Demand demand = make_monopoly(PriceTerm::linear, 2.0, 2.0 * price - std::log(3.0));
  const Eigen::MatrixXd pass_through =
      compute_pass_through(demand, make_single(1.0), Eigen::VectorXd::Constant(1, price));
  CHECK(pass_through(0, 0) == Approx(0.75).epsilon(1e-13));
}

TEST_CASE("a monopolist's pass-through with a log price term by hand", "[unit]") {
  // p (1 − 1/(η s_0)) = c and ds_0/dp = η s s_0/p, so dp/dc = 1/(1 − 1/(η s_0) + s/s_0). At s = ½
  // and η = 4: p = 2c and 1/(1 − ½ + 1) = 2/3.
  const Demand demand = make_monopoly(PriceTerm::log, 4.0, 4.0 * std::log(2.0));
  const Eigen::MatrixXd pass_through =
      compute_pass_through(demand, make_single(1.0), Eigen::VectorXd::Constant(1, 2.0));
  CHECK(pass_through(0, 0) == Approx(2.0 / 3.0).epsilon(1e-13));
}

TEST_CASE("pass-through is the slope of solved equilibria", "[unit]") {
  for (const PriceTerm term : {PriceTerm::linear, PriceTerm::log}) {
    Demand demand = make_mixed(term, 0.7, 0.7);
    demand.nest.setZero();
    CHECK(compute_gap(demand, make_stakes()) < 1e-8);
  }
}

TEST_CASE("pass-through is the slope of solved equilibria with several nests", "[unit]") {
  for (const PriceTerm term : {PriceTerm::linear, PriceTerm::log})
    CHECK(compute_gap(make_mixed(term, 0.5, 0.9), make_stakes()) < 1e-8);
}

TEST_CASE("fixed prices do not move, but their costs move their owner's others", "[unit]") {
  Demand demand = make_mixed(PriceTerm::linear, 0.7, 0.7);
  demand.nest.setZero();
  Supply supply = make_stakes();
  supply.price_fixed(1) = 1.4;
  CHECK(compute_gap(demand, supply) < 1e-8);
  const Eigen::MatrixXd pass_through =
      compute_pass_through(demand, supply, solve_prices(demand, supply));
  CHECK(pass_through.row(1).isZero(0.0));
  CHECK(std::abs(pass_through(0, 1)) > 1e-3);
  // What nobody is offered neither moves nor moves others.
  demand.utility.row(2).setConstant(-infinity);
  const Eigen::MatrixXd without =
      compute_pass_through(demand, supply, solve_prices(demand, supply));
  CHECK(without.row(2).isZero(0.0));
  CHECK(without.col(2).isZero(0.0));
}

TEST_CASE("without an outside good a common cost is passed on in full", "[unit]") {
  // Linear term: all prices rise by the same amount, rows sum to 1. Log term: prices are
  // homogeneous of degree 1 in costs, so Σ_k c_k dp_i/dc_k = p_i.
  for (const PriceTerm term : {PriceTerm::linear, PriceTerm::log}) {
    Demand demand = make_mixed(term, 0.8, 0.8);
    demand.nest.setZero();
    demand.outside_good = false;
    const Supply supply = make_supply(Eigen::Vector4d(0.6, 0.8, 0.5, 0.9),
                                      make_ownership(Eigen::Vector4i(0, 1, 1, 2)));
    const Eigen::VectorXd prices = solve_prices(demand, supply);
    const Eigen::MatrixXd pass_through = compute_pass_through(demand, supply, prices);
    if (term == PriceTerm::linear) {
      CHECK((pass_through.rowwise().sum() - Eigen::Vector4d::Ones()).cwiseAbs().maxCoeff() < 1e-12);
    } else {
      CHECK((pass_through * supply.marginal_cost - prices).cwiseAbs().maxCoeff() < 1e-12);
    }
  }
}

TEST_CASE("pass-through refuses prices that are no equilibrium", "[unit]") {
  const Demand demand = make_monopoly(PriceTerm::linear, 2.0, 1.0);
  const Supply supply = make_single(1.0);
  CHECK_THROWS_AS(compute_pass_through(demand, supply, Eigen::VectorXd::Constant(1, 3.0)),
                  InvalidInput);
  CHECK_THROWS_AS(compute_pass_through(demand, supply, Eigen::Vector2d(1.0, 1.0)), InvalidInput);
  CHECK_THROWS_AS(
      compute_pass_through(demand, make_single(1e308), Eigen::VectorXd::Constant(1, 1e308)),
      MarketFailure);
  Supply unowned = supply;
  unowned.ownership.setZero();
  CHECK_THROWS_AS(compute_pass_through(demand, unowned, Eigen::VectorXd::Ones(1)), InvalidInput);
}
