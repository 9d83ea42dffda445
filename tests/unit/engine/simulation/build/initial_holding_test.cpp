#include "engine/simulation/build/initial_holding.hpp"

#include "tests/catch.hpp"

using namespace entente;
using namespace entente::simulation;
using population::WithoutPurchase;

// One product: of the holders 0.5·0.3 leave a quarter, of the others 0.5·0.4 join: 0.2/0.35 hold
// it.
TEST_CASE("two states settle where flows balance", "[unit]") {
  const population::Cells cells{1, 1, true};
  Eigen::ArrayXXd probability(2, 2);
  probability << 0.7, 0.4,  //
      0.3, 0.6;
  const Eigen::MatrixXd still =
      stationary_holding(cells, probability, {0.5, 0.0}, WithoutPurchase::gives_up);
  CHECK(still(0, 0) == Approx(4.0 / 7.0).epsilon(1e-14));
  CHECK(still(0, 1) == Approx(3.0 / 7.0).epsilon(1e-14));
  // A tenth are newcomers: x = 0.9 (0.85 x + 0.2 (1 − x)) + 0.1·0.4.
  const Eigen::MatrixXd growing =
      stationary_holding(cells, probability, {0.5, 0.1}, WithoutPurchase::gives_up);
  CHECK(growing(0, 0) == Approx(0.22 / 0.415).epsilon(1e-14));
}

TEST_CASE("in a durable market everybody ends up with a product", "[unit]") {
  const population::Cells cells{1, 2, true};
  Eigen::ArrayXXd probability(3, 3);
  probability << 0.4, 0.3, 0.1,  //
      0.2, 0.3, 0.1,             //
      0.4, 0.4, 0.8;
  // From the first 0.2 go to the second, back 0.3: 0.6 to 0.4, whatever the hazard.
  for (const double hazard : {0.05, 0.5, 1.0}) {
    const Eigen::MatrixXd still =
        stationary_holding(cells, probability, {hazard, 0.0}, WithoutPurchase::keeps);
    CHECK(still(0, 0) == Approx(0.6).epsilon(1e-13));
    CHECK(still(0, 1) == Approx(0.4).epsilon(1e-13));
    CHECK(still(0, 2) == Approx(0.0).margin(1e-15));
  }
}

TEST_CASE("a settled market stays where it is", "[unit]") {
  population::Population population;
  population.cells = {1, 2, true};
  Eigen::ArrayXXd probability(3, 3);
  probability << 0.6, 0.25, 0.4,  //
      0.2, 0.5, 0.4,              //
      0.2, 0.25, 0.2;
  const population::Activity activity{0.3, 0.02};
  population.holding =
      stationary_holding(population.cells, probability, activity, WithoutPurchase::gives_up)
          .row(0)
          .transpose();
  const Eigen::VectorXd before = population.holding;
  const population::Draws draws{1, 1};
  population::Purchases purchases = choose(population, activity, probability, draws, 0);
  settle(population, activity, purchases, WithoutPurchase::gives_up);
  CHECK((population.holding - before).cwiseAbs().maxCoeff() < 1e-14);
}

TEST_CASE("raking meets both margins and keeps who likes what", "[unit]") {
  const population::Cells cells{2, 1, true};
  Eigen::MatrixXd holding(2, 2);
  holding << 0.6, 0.4,  //
      0.2, 0.8;
  const Eigen::VectorXd cell =
      rake_holding(cells, holding, Eigen::Vector2d(0.3, 0.7), Eigen::Vector2d(0.55, 0.45));
  CHECK(cell[0] + cell[1] == Approx(0.3).epsilon(1e-13));
  CHECK(cell[2] + cell[3] == Approx(0.7).epsilon(1e-13));
  CHECK(cell[0] + cell[2] == Approx(0.55).epsilon(1e-13));
  // Iterative proportional fitting keeps the odds ratio, here 0.6·0.8 / (0.4·0.2).
  CHECK(cell[0] * cell[3] / (cell[1] * cell[2]) == Approx(6.0).epsilon(1e-12));
}

TEST_CASE("a product that no type would hold is spread by type weight", "[unit]") {
  const population::Cells cells{2, 1, true};
  Eigen::MatrixXd holding(2, 2);
  holding << 0.0, 1.0,  //
      0.0, 1.0;
  const Eigen::VectorXd cell =
      rake_holding(cells, holding, Eigen::Vector2d(0.25, 0.75), Eigen::Vector2d(0.2, 0.8));
  CHECK(cell[0] == Approx(0.05).epsilon(1e-13));
  CHECK(cell[2] == Approx(0.15).epsilon(1e-13));
  CHECK(cell.sum() == Approx(1.0).epsilon(1e-13));
}
