#include "engine/market/inversion/least_squares.hpp"

#include <Eigen/LU>
#include <cmath>

#include "engine/market/failure.hpp"
#include "tests/catch.hpp"

namespace {

using namespace entente::market;

LeastSquares make_problem(Eigen::VectorXd (*residuals)(const Eigen::VectorXd&), double upper) {
  LeastSquares problem;
  problem.residuals = residuals;
  problem.lower = Eigen::Vector2d(-5.0, -5.0);
  problem.upper = Eigen::Vector2d(upper, 5.0);
  return problem;
}

/// Rosenbrock's valley: a root at (1, 1).
Eigen::VectorXd valley(const Eigen::VectorXd& x) {
  return Eigen::Vector2d(10.0 * (x(1) - x(0) * x(0)), 1.0 - x(0));
}

/// Has no value beyond 1.5.
Eigen::VectorXd cliff(const Eigen::VectorXd& x) {
  if (x(0) > 1.5 || x(1) > 1.5) throw Infeasible("beyond the cliff");
  return valley(x);
}

/// Three equations for two unknowns: x = 1, y = 2, x + y = 6.
Eigen::VectorXd contradiction(const Eigen::VectorXd& x) {
  return Eigen::Vector3d(x(0) - 1.0, x(1) - 2.0, x(0) + x(1) - 6.0);
}

/// y does nothing.
Eigen::VectorXd ridge(const Eigen::VectorXd& x) {
  return Eigen::Vector2d(x(0) - 0.25, 2.0 * x(0) - 0.5);
}

Eigen::VectorXd curves(const Eigen::VectorXd& x) {
  return Eigen::Vector2d(std::exp(2.0 * x(0)), x(0) * x(1) * x(1));
}

/// Curved, and without a root: 4 equations.
Eigen::VectorXd curved_contradiction(const Eigen::VectorXd& x) {
  Eigen::VectorXd r(4);
  r << std::exp(x(0)) - 1.1, x(0) * x(1) - 0.3, x(1) - 0.9, std::exp(-x(1)) - 0.5 + x(0);
  return r;
}

}  // namespace

TEST_CASE("least squares find a root to the last digits", "[unit]") {
  const LeastSquaresFit fit =
      minimise_least_squares(make_problem(valley, 5.0), Eigen::Vector2d(-1.2, 1.0));
  CHECK((fit.point - Eigen::Vector2d(1.0, 1.0)).cwiseAbs().maxCoeff() < 1e-14);
  CHECK(fit.residuals.norm() < 1e-14);
  CHECK(fit.bound.isZero());
}

TEST_CASE("a search turns back from where residuals have no value", "[unit]") {
  const LeastSquaresFit fit =
      minimise_least_squares(make_problem(cliff, 5.0), Eigen::Vector2d(-1.2, 1.0));
  CHECK((fit.point - Eigen::Vector2d(1.0, 1.0)).cwiseAbs().maxCoeff() < 1e-14);
  CHECK_THROWS_AS(minimise_least_squares(make_problem(cliff, 5.0), Eigen::Vector2d(2.0, 1.0)),
                  Infeasible);
}

TEST_CASE("contradicting equations are missed alike", "[unit]") {
  // x + y is 3 too small: x and y give 1 each, the sum keeps 1. Residuals (1, 1, −1).
  const LeastSquaresFit fit =
      minimise_least_squares(make_problem(contradiction, 5.0), Eigen::Vector2d(0.0, 0.0));
  CHECK((fit.residuals - Eigen::Vector3d(1.0, 1.0, -1.0)).cwiseAbs().maxCoeff() < 1e-12);
  CHECK(fit.stationarity < 1e-12);
  CHECK(fit.objective() == Approx(3.0));
}

TEST_CASE("a minimum between curved equations is stationary", "[unit]") {
  const LeastSquares problem = make_problem(curved_contradiction, 5.0);
  const LeastSquaresFit fit = minimise_least_squares(problem, Eigen::Vector2d(1.0, -1.0));
  CHECK(fit.stationarity < 1e-10);
  for (Eigen::Index n = 0; n < 2; ++n) {
    for (const double step : {-1e-3, 1e-3}) {
      Eigen::VectorXd other = fit.point;
      other(n) += step;
      CHECK(curved_contradiction(other).squaredNorm() > fit.objective());
    }
  }
}

TEST_CASE("a bound holds a parameter only against the descent", "[unit]") {
  // With x ≤ 0.5 the residual 1 − x keeps 0.5, and y = x² is met.
  const LeastSquaresFit fit =
      minimise_least_squares(make_problem(valley, 0.5), Eigen::Vector2d(-1.2, 1.0));
  CHECK(fit.point(0) == 0.5);
  CHECK(fit.point(1) == Approx(0.25).epsilon(1e-12));
  CHECK(fit.bound == Eigen::Vector2i(1, 0));
  // The root lies on the bound: nothing pushes against it.
  const LeastSquaresFit touching =
      minimise_least_squares(make_problem(valley, 1.0), Eigen::Vector2d(-1.2, 1.0));
  CHECK((touching.point - Eigen::Vector2d(1.0, 1.0)).cwiseAbs().maxCoeff() < 1e-12);
  CHECK(touching.residuals.norm() < 1e-12);
}

TEST_CASE("a parameter that does nothing stays where it is", "[unit]") {
  const LeastSquaresFit fit =
      minimise_least_squares(make_problem(ridge, 5.0), Eigen::Vector2d(1.0, 3.0));
  CHECK(fit.point(0) == Approx(0.25).epsilon(1e-14));
  CHECK(fit.point(1) == 3.0);
}

TEST_CASE("slopes by differences are right, also at a bound", "[unit]") {
  // d e^{2x} = 2 e^{2x}; d xy² = y² and 2xy.
  for (const double upper : {5.0, 0.5}) {
    const LeastSquares problem = make_problem(curves, upper);
    const Eigen::MatrixXd slope = compute_difference_slope(problem, Eigen::Vector2d(0.5, 0.75));
    Eigen::Matrix2d expected;
    expected << 2.0 * std::exp(1.0), 0.0, 0.5625, 0.75;
    CHECK((slope - expected).cwiseAbs().maxCoeff() < 1e-10);
  }
}
