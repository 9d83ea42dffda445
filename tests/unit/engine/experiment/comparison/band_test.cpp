#include "engine/experiment/comparison/band.hpp"

#include <cmath>

#include "tests/catch.hpp"

using namespace entente::experiment;

TEST_CASE("the critical value of a band, worked by hand", "[unit]") {
  // Mean 1, standard error 1; a constant beside it adds nothing.
  Eigen::MatrixXd replications(2, 2);
  replications << 0, 0.1, 2, 0.1;
  BootstrapWeights weights(3, 2);
  weights << 1, 1, 2, 0, 0, 2;  // means 1, 0, 2
  CHECK(sup_t_critical(replications, weights, 0.5) == Approx(1.0));
  CHECK(sup_t_critical(replications, weights, 0.25) == Approx(0.5));
  CHECK(sup_t_critical(replications.rightCols(1), weights, 0.9) == 0.0);
}

TEST_CASE("a constant whose mean is rounded has no spread", "[unit]") {
  const Eigen::MatrixXd constant = Eigen::MatrixXd::Constant(3, 1, 0.1);
  REQUIRE(constant.mean() != 0.1);
  CHECK(sup_t_critical(constant, bootstrap_weights(3, 20), 0.95) == 0.0);
}

TEST_CASE("a bootstrap sample is as large as what it is drawn from", "[unit]") {
  const BootstrapWeights bytes = bootstrap_weights(7, 40);
  const Eigen::MatrixXd weights = bytes.cast<double>();
  CHECK((weights.rowwise().sum().array() == 7.0).all());
  CHECK((weights.colwise().sum().array() > 10.0).all());  // 40 expected, deviation 6
  CHECK(bytes == bootstrap_weights(7, 40));
}
