#include "engine/population/population.hpp"

#include <cmath>

#include "tests/catch.hpp"

using namespace entente::population;

namespace {

/// Two products, one type: cells hold the first, the second, none.
Population two_products() {
  Population population;
  population.cells = {1, 2, true};
  population.holding = Eigen::Vector3d(0.5, 0.3, 0.2);
  population.choice_stream = stream_name("choice", "widget");
  population.lottery_stream = stream_name("lottery", "widget");
  return population;
}

/// Rows: first, second, outside; columns: cells.
Eigen::ArrayXXd probabilities() {
  Eigen::ArrayXXd probability(3, 3);
  probability << 0.6, 0.25, 0.4,  //
      0.2, 0.5, 0.4,              //
      0.2, 0.25, 0.2;
  return probability;
}

const Draws any_draws{3, 1};

void check_close(const Eigen::MatrixXd& seen, const Eigen::MatrixXd& expected) {
  REQUIRE(seen.rows() == expected.rows());
  REQUIRE(seen.cols() == expected.cols());
  CHECK((seen - expected).cwiseAbs().maxCoeff() < 1e-15);
}

}  // namespace

TEST_CASE("cells are a type and the product held, product fastest", "[unit]") {
  const Cells cells{2, 3, true};
  CHECK(cells.count() == 8);
  CHECK(cells.of(1, 2) == 6);
  CHECK(cells.type_of(6) == 1);
  CHECK(cells.held_by(6) == 2);
  CHECK(cells.held_by(cells.of(0, 3)) == 3);
  const Cells accounts{5, 3, false};
  CHECK(accounts.count() == 5);
  CHECK(accounts.of(4, 1) == 4);
  CHECK(accounts.held_by(4) == 3);
}

// Half of each cell is active: 0.25, 0.15 and 0.10 of all consumers.
TEST_CASE("durable flows and holdings worked by hand", "[unit]") {
  Population population = two_products();
  const Activity activity{0.5, 0.0};
  Purchases purchases = choose(population, activity, probabilities(), any_draws, 0);
  Eigen::Matrix3d flow;
  flow << 0.15, 0.05, 0.05,   // hold the first
      0.0375, 0.075, 0.0375,  // hold the second
      0.04, 0.04, 0.02;       // hold none
  check_close(purchases.flow, flow);
  check_close(purchases.by_product(), Eigen::Vector2d(0.2275, 0.165));
  settle(population, activity, purchases, WithoutPurchase::keeps);
  // First: 0.25 inactive + 0.2275 bought + 0.05 postponed and keep it.
  check_close(population.holding, Eigen::Vector3d(0.5275, 0.3525, 0.12));
}

// A tenth are newcomers, the rest as before: 0.225, 0.135 and 0.09 + 0.1 active.
TEST_CASE("subscription flows and holdings with newcomers worked by hand", "[unit]") {
  Population population = two_products();
  const Activity activity{0.5, 0.1};
  check_close(expected_active(population, activity), Eigen::Vector3d(0.225, 0.135, 0.19));
  Purchases purchases = choose(population, activity, probabilities(), any_draws, 0);
  Eigen::Matrix3d flow;
  flow << 0.135, 0.045, 0.045,   //
      0.03375, 0.0675, 0.03375,  //
      0.076, 0.076, 0.038;
  check_close(purchases.flow, flow);
  settle(population, activity, purchases, WithoutPurchase::gives_up);
  // None: 0.09 inactive + everybody's outside choices 0.045 + 0.03375 + 0.038.
  check_close(population.holding, Eigen::Vector3d(0.46975, 0.3235, 0.20675));
}

TEST_CASE("the unserved choose again among what is left", "[unit]") {
  const Population population = two_products();
  Purchases purchases = choose(population, {0.5, 0.0}, probabilities(), any_draws, 0);
  Eigen::ArrayXXd served = Eigen::ArrayXXd::Ones(3, 2);
  served(0, 0) = 0.5;
  Eigen::ArrayXXd again(3, 3);
  again << 0.0, 0.0, 0.0,  //
      0.4, 0.6, 0.5,       //
      0.6, 0.4, 0.5;
  choose_again(population, purchases, served, again, any_draws, 0, 1);
  // Of the first cell 0.075 go without the first: 0.03 take the second, 0.045 nothing.
  check_close(purchases.flow.row(0), Eigen::RowVector3d(0.075, 0.08, 0.095));
  check_close(purchases.flow.row(1), Eigen::RowVector3d(0.0375, 0.075, 0.0375));
}

TEST_CASE("mass is conserved through many quarters", "[unit]") {
  for (const auto rule : {WithoutPurchase::keeps, WithoutPurchase::gives_up}) {
    Population population = two_products();
    const Activity activity{0.3, rule == WithoutPurchase::gives_up ? 0.05 : 0.0};
    for (std::uint32_t quarter = 0; quarter < 40; ++quarter) {
      Purchases purchases = choose(population, activity, probabilities(), any_draws, quarter);
      settle(population, activity, purchases, rule);
      REQUIRE(population.holding.minCoeff() >= 0.0);
      REQUIRE(std::abs(population.holding.sum() - 1.0) < 1e-14);
    }
  }
}

TEST_CASE("the inactive keep what they hold", "[unit]") {
  const Activity activity{0.4, 0.1};
  const Population types = two_products();
  const Purchases expected = choose(types, activity, probabilities(), any_draws, 0);
  check_close(inactive_by_product(types, activity, expected), Eigen::Vector2d(0.27, 0.162));
}
