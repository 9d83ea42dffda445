#include "engine/market/calibration.hpp"

#include <cmath>
#include <limits>

#include "engine/market/failure.hpp"
#include "tests/catch.hpp"

namespace {

using namespace entente::market;

/// Buyers who are alike, hold nothing and are offered everything.
DemandTemplate make_alike(PriceTerm term, Eigen::Index products) {
  DemandTemplate structure;
  structure.price_term = term;
  structure.weight = Eigen::VectorXd::Ones(1);
  structure.sensitivity_multiplier = Eigen::VectorXd::Ones(1);
  structure.current_product = Eigen::VectorXi::Constant(1, -1);
  structure.offset = Eigen::ArrayXXd::Zero(products, 1);
  return structure;
}

}  // namespace

TEST_CASE("a log price term and one dominant seller", "[unit]") {
  // Category η s0 = 1.2 at s0 = 0.8: η = 1.5. Own (η/λ)(1 − (1−λ)g − λ s) = 1.35 at g = 0.91,
  // s = 0.182: λ (1.35 − 1.5 · 0.728) = 1.5 · 0.09, so λ = 0.135/0.258 = 0.523.
  DemandTargets targets;
  targets.prices = Eigen::Vector2d(30.0, 12.0);
  targets.shares = Eigen::Vector2d(0.182, 0.018);
  targets.own_elasticity = {0, -1.35};
  targets.category_elasticity = -1.2;
  const CalibratedDemand result = calibrate_demand(make_alike(PriceTerm::log, 2), targets);
  CHECK(result.price_sensitivity == Approx(1.5).epsilon(1e-10));
  CHECK(result.nest == Approx(0.135 / 0.258).epsilon(1e-10));
  CHECK(result.residual <= 1e-10);
  const Choice choice = compute_choice(result.demand, targets.prices);
  CHECK((choice.share - targets.shares).cwiseAbs().maxCoeff() < 1e-12);
  // Lerner: 1/1.35 = 0.74 for the leader, and 0.52/1.5 over 1 − b = 1 − 0.09 · 0.58 for the other.
  const Eigen::VectorXd own = compute_own_elasticities(result.demand, targets.prices);
  CHECK(-1.0 / own(1) ==
        Approx(0.523256 / 1.5 / (1.0 - 0.09 * (0.476744 + 0.523256 * 0.2))).epsilon(1e-5));
}

TEST_CASE("a linear price term with unequal prices", "[unit]") {
  // g = (0.75, 0.25), s0 = 0.8, prices 10 and 6: p̄ = 9, α p̄ s0 = 0.9 gives α = 0.125.
  // Own of the first: (1.25/λ)(1 − 0.75 (1 − λ) − 0.15 λ) = 3: λ (3 − 1.25 · 0.6) = 0.3125.
  DemandTargets targets;
  targets.prices = Eigen::Vector2d(10.0, 6.0);
  targets.shares = Eigen::Vector2d(0.15, 0.05);
  targets.own_elasticity = {0, -3.0};
  targets.category_elasticity = -0.9;
  const CalibratedDemand result = calibrate_demand(make_alike(PriceTerm::linear, 2), targets);
  CHECK(result.price_sensitivity == Approx(0.125).epsilon(1e-10));
  CHECK(result.nest == Approx(0.3125 / 2.25).epsilon(1e-10));
}

TEST_CASE("too small an outside share is refused with the feasible one", "[unit]") {
  // g = 0.4: s0 ≥ 0.3 · 0.6/(1.5 − 0.3 · 0.4) = 0.18/1.38 = 0.1304; λ = 18/1.38 = 13.04 at 0.01.
  DemandTargets targets;
  targets.prices = Eigen::Vector3d(1.0, 1.0, 1.0);
  targets.shares = 0.99 * Eigen::Vector3d(0.4, 0.35, 0.25);
  targets.own_elasticity = {0, -1.5};
  targets.category_elasticity = -0.3;
  const DemandTemplate structure = make_alike(PriceTerm::log, 3);
  CHECK_THROWS_AS(calibrate_demand(structure, targets), Infeasible);
  CHECK_THROWS_WITH(calibrate_demand(structure, targets), entente::test::contains("0.1304"));
  CHECK_THROWS_WITH(calibrate_demand(structure, targets), entente::test::contains("13.04"));
  targets.shares *= 0.87 / 0.99;  // s0 = 0.13: still just short
  CHECK_THROWS_AS(calibrate_demand(structure, targets), Infeasible);
  targets.shares *= 0.869 / 0.87;  // s0 = 0.131
  CHECK(calibrate_demand(structure, targets).nest == Approx(0.996).epsilon(1e-3));
}

TEST_CASE("repeat purchases pin inertia", "[unit]") {
  // Two alike products at equal shares 0.4, two cells that hold one each, λ = 1 given. By symmetry
  // a holder repeats with e^κ x/(1 + x + e^κ x) and switches with x/(1 + x + e^κ x). Repeat 0.6 and
  // share 0.4 leave switch 0.2 and outside 0.2: e^κ = 3.
  DemandTemplate structure = make_alike(PriceTerm::log, 2);
  structure.weight = Eigen::Vector2d(2.0, 2.0);
  structure.sensitivity_multiplier = Eigen::Vector2d::Ones();
  structure.current_product = Eigen::Vector2i(0, 1);
  structure.offset = Eigen::ArrayXXd::Zero(2, 2);
  DemandTargets targets;
  targets.prices = Eigen::Vector2d(1.0, 2.0);
  targets.shares = Eigen::Vector2d(0.4, 0.4);
  targets.own_elasticity = {1, -2.0};
  targets.repeat_share = 0.6;
  const CalibratedDemand result = calibrate_demand(structure, targets);
  CHECK(result.inertia == Approx(std::log(3.0)).epsilon(1e-9));
  // Own: η (0.6 · 0.4 + 0.2 · 0.8)/0.8 = 0.5 η.
  CHECK(result.price_sensitivity == Approx(4.0).epsilon(1e-9));
  targets.repeat_share = 0.39;  // without inertia it is 0.4
  CHECK_THROWS_WITH(calibrate_demand(structure, targets), entente::test::contains("repeat share"));
  targets.repeat_share = 0.81;  // nobody switches at 0.8
  CHECK_THROWS_AS(calibrate_demand(structure, targets), Infeasible);
}

TEST_CASE("cell shares are inverted cell by cell", "[unit]") {
  DemandTemplate structure = make_alike(PriceTerm::log, 2);
  structure.weight = Eigen::Vector2d(3.0, 1.0);
  structure.sensitivity_multiplier = Eigen::Vector2d(0.9, 1.3);
  structure.current_product = Eigen::Vector2i(-1, -1);
  structure.offset = Eigen::ArrayXXd::Zero(2, 2);
  DemandTargets targets;
  targets.prices = Eigen::Vector2d(2.0, 5.0);
  Eigen::ArrayXXd cell_shares(2, 2);
  cell_shares << 0.2, 0.6, 0.4, 0.0;
  targets.cell_shares = cell_shares;
  targets.shares = Eigen::Vector2d(0.3, 0.3);
  targets.own_elasticity = {0, -2.0};
  targets.nest = 0.6;
  const CalibratedDemand result = calibrate_demand(structure, targets);
  const Choice choice = compute_choice(result.demand, targets.prices);
  CHECK((choice.cell_share - cell_shares).abs().maxCoeff() < 1e-13);
  CHECK(choice.cell_share(1, 1) == 0.0);
  CHECK(compute_own_elasticities(result.demand, targets.prices)(0) == Approx(-2.0).epsilon(1e-11));
  CHECK(result.mean_utility.isZero());
  targets.shares = Eigen::Vector2d(0.31, 0.3);
  CHECK_THROWS_WITH(calibrate_demand(structure, targets), entente::test::contains("average"));
}

TEST_CASE("without an outside good the category elasticity may not be given", "[unit]") {
  DemandTemplate structure = make_alike(PriceTerm::log, 2);
  structure.outside_good = false;
  DemandTargets targets;
  targets.prices = Eigen::Vector2d(1.0, 1.0);
  targets.shares = Eigen::Vector2d(0.4, 0.6);
  targets.own_elasticity = {0, -1.5};
  // Own: η (1 − s) = 0.6 η at λ = 1.
  CHECK(calibrate_demand(structure, targets).price_sensitivity == Approx(2.5).epsilon(1e-11));
  targets.category_elasticity = -0.5;
  CHECK_THROWS_AS(calibrate_demand(structure, targets), Infeasible);
}

TEST_CASE("figures that contradict each other are refused", "[unit]") {
  const DemandTemplate structure = make_alike(PriceTerm::log, 2);
  DemandTargets targets;
  targets.prices = Eigen::Vector2d(1.0, 1.0);
  targets.shares = Eigen::Vector2d(0.4, 0.3);
  targets.own_elasticity = {0, -1.5};
  CHECK_NOTHROW(calibrate_demand(structure, targets));
  DemandTargets wrong = targets;
  wrong.shares(1) = 0.7;
  CHECK_THROWS_WITH(calibrate_demand(structure, wrong), entente::test::contains("outside good"));
  wrong = targets;
  wrong.shares(1) = 0.0;
  CHECK_THROWS_AS(calibrate_demand(structure, wrong), Infeasible);
  wrong = targets;
  wrong.own_elasticity.value = 0.5;
  CHECK_THROWS_AS(calibrate_demand(structure, wrong), Infeasible);
  wrong = targets;
  wrong.prices(0) = -1.0;
  CHECK_THROWS_AS(calibrate_demand(structure, wrong), Infeasible);
  wrong = targets;
  wrong.nest = 1.2;
  CHECK_THROWS_AS(calibrate_demand(structure, wrong), Infeasible);
  wrong = targets;
  wrong.repeat_share = 0.5;
  CHECK_THROWS_WITH(calibrate_demand(structure, wrong), entente::test::contains("hold"));
}

TEST_CASE("a product offered to nobody is left out of the inversion", "[unit]") {
  DemandTemplate structure = make_alike(PriceTerm::log, 3);
  structure.offset(2, 0) = -std::numeric_limits<double>::infinity();
  DemandTargets targets;
  targets.prices = Eigen::Vector3d(1.0, 2.0, std::numeric_limits<double>::quiet_NaN());
  targets.shares = Eigen::Vector3d(0.4, 0.3, 0.0);
  targets.own_elasticity = {0, -1.5};
  const CalibratedDemand result = calibrate_demand(structure, targets);
  CHECK(compute_choice(result.demand, targets.prices).share(2) == 0.0);
  CHECK(result.mean_utility.allFinite());
}
