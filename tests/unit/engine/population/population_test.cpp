#include "engine/population/population.hpp"

#include <algorithm>
#include <cmath>

#include "tests/catch.hpp"

using namespace entente::population;

namespace {

/// Two products, one type: cells hold the first, the second, none.
Population two_products(Representation representation = Representation::types) {
  Population population;
  population.cells = {1, 2, true};
  population.holding = Eigen::Vector3d(0.5, 0.3, 0.2);
  population.representation = representation;
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
  const Purchases purchases = choose(population, activity, probabilities(), any_draws, 0);
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
  const Purchases purchases = choose(population, activity, probabilities(), any_draws, 0);
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
    Population types = two_products();
    Population agents = two_products(Representation::agents);
    seat_agents(agents, 1009);
    const Activity activity{0.3, rule == WithoutPurchase::gives_up ? 0.05 : 0.0};
    for (std::uint32_t quarter = 0; quarter < 40; ++quarter) {
      for (Population* population : {&types, &agents}) {
        const Purchases purchases =
            choose(*population, activity, probabilities(), any_draws, quarter);
        settle(*population, activity, purchases, rule);
        REQUIRE(population->holding.minCoeff() >= 0.0);
        REQUIRE(std::abs(population->holding.sum() - 1.0) < 1e-14);
      }
      REQUIRE(agents.cell.size() == 1009);
      for (Eigen::Index cell = 0; cell < 3; ++cell) {
        const auto seated = std::count(agents.cell.begin(), agents.cell.end(), cell);
        REQUIRE(agents.holding[cell] == static_cast<double>(seated) / 1009.0);
      }
    }
  }
}

TEST_CASE("agents are seated by largest remainder", "[unit]") {
  Population population = two_products(Representation::agents);
  seat_agents(population, 7);  // 3.5, 2.1 and 1.4: the half goes up
  CHECK(population.cell == std::vector<std::uint16_t>{0, 0, 0, 0, 1, 1, 2});
  CHECK(population.holding[0] == 4.0 / 7.0);
  Population even = two_products(Representation::agents);
  even.holding.setConstant(1.0 / 3.0);
  seat_agents(even, 5);  // ties go to the lower cell
  CHECK(even.cell == std::vector<std::uint16_t>{0, 0, 1, 1, 2});
}

// Each entry of the flow is a count over independent agents, so its deviation over √(q(1−q)n)/N has
// variance 1; the mean square of 360 of them lies within 4 standard errors of 1.
TEST_CASE("agents' flows scatter around those of types as counts do", "[unit]") {
  const Activity activity{0.5, 0.0};
  for (const std::uint64_t agents : {2000u, 32000u}) {
    Population population = two_products(Representation::agents);
    seat_agents(population, agents);
    Population types = population;
    types.representation = Representation::types;
    const Eigen::MatrixXd expected = choose(types, activity, probabilities(), any_draws, 0).flow;
    double squares = 0.0;
    int terms = 0;
    for (std::uint32_t quarter = 0; quarter < 40; ++quarter) {
      const Eigen::MatrixXd flow =
          choose(population, activity, probabilities(), any_draws, quarter).flow;
      for (Eigen::Index cell = 0; cell < 3; ++cell) {
        const double n = population.holding[cell] * static_cast<double>(agents);
        for (Eigen::Index choice = 0; choice < 3; ++choice) {
          const double q = expected(cell, choice) / population.holding[cell];
          const double error = std::sqrt(q * (1.0 - q) * n) / static_cast<double>(agents);
          const double deviation = (flow(cell, choice) - expected(cell, choice)) / error;
          CHECK(std::abs(deviation) < 5.0);
          squares += deviation * deviation;
          ++terms;
        }
      }
    }
    CHECK(std::abs(squares / terms - 1.0) < 4.0 * std::sqrt(2.0 / terms));
  }
}

TEST_CASE("agents hold what types hold after many quarters", "[unit]") {
  constexpr double agents = 40000;
  for (const auto rule : {WithoutPurchase::keeps, WithoutPurchase::gives_up}) {
    const Activity activity{0.2, rule == WithoutPurchase::gives_up ? 0.02 : 0.0};
    Population types = two_products();
    Population individuals = two_products(Representation::agents);
    seat_agents(individuals, static_cast<std::uint64_t>(agents));
    for (std::uint32_t quarter = 0; quarter < 12; ++quarter) {
      for (Population* population : {&types, &individuals}) {
        settle(*population, activity,
               choose(*population, activity, probabilities(), any_draws, quarter), rule);
      }
    }
    for (Eigen::Index cell = 0; cell < 3; ++cell) {
      const double share = types.holding[cell];
      CHECK(std::abs(individuals.holding[cell] - share) <
            4.0 * std::sqrt(share * (1.0 - share) / agents));
    }
  }
}

TEST_CASE("newcomers hold nothing and always choose", "[unit]") {
  Population population = two_products(Representation::agents);
  seat_agents(population, 20000);
  const Purchases purchases = choose(population, {0.0, 0.3}, probabilities(), any_draws, 4);
  std::size_t active = 0;
  for (std::size_t agent = 0; agent < purchases.choice.size(); ++agent) {
    if (purchases.choice[agent] == Purchases::inactive) {
      REQUIRE(purchases.cell[agent] == population.cell[agent]);
    } else {
      ++active;
      REQUIRE(purchases.cell[agent] == 2);
    }
  }
  CHECK(std::abs(static_cast<double>(active) - 6000.0) < 4.0 * std::sqrt(20000.0 * 0.3 * 0.7));
}

TEST_CASE("an agent's draw does not depend on how many agents there are", "[unit]") {
  Population few;
  few.cells = {1, 2, false};
  few.holding = Eigen::VectorXd::Ones(1);
  few.representation = Representation::agents;
  few.choice_stream = stream_name("choice", "widget");
  Population many = few;
  seat_agents(few, 500);
  seat_agents(many, 5000);
  const Eigen::ArrayXXd probability = probabilities().col(0);
  const auto a = choose(few, {0.7, 0.0}, probability, any_draws, 2).choice;
  const auto b = choose(many, {0.7, 0.0}, probability, any_draws, 2).choice;
  REQUIRE(b.size() == 5000);
  CHECK(std::equal(a.begin(), a.end(), b.begin()));
}

TEST_CASE("a larger hazard keeps everyone active who was", "[unit]") {
  Population population = two_products(Representation::agents);
  seat_agents(population, 3000);
  const auto low = choose(population, {0.2, 0.0}, probabilities(), any_draws, 1).choice;
  const auto high = choose(population, {0.4, 0.0}, probabilities(), any_draws, 1).choice;
  for (std::size_t agent = 0; agent < low.size(); ++agent) {
    if (low[agent] != Purchases::inactive) REQUIRE(high[agent] == low[agent]);
  }
}

TEST_CASE("the lottery serves a fraction and moves nobody else", "[unit]") {
  Population population = two_products(Representation::agents);
  seat_agents(population, 30000);
  Purchases purchases = choose(population, {1.0, 0.0}, probabilities(), any_draws, 0);
  const Purchases before = purchases;
  Eigen::ArrayXXd served = Eigen::ArrayXXd::Ones(3, 2);
  served.col(0).setConstant(0.25);
  Eigen::ArrayXXd again = Eigen::ArrayXXd::Zero(3, 3);
  again.row(2).setOnes();
  choose_again(population, purchases, served, again, any_draws, 0, 1);
  Eigen::Vector3d wanted = Eigen::Vector3d::Zero();
  Eigen::Vector3d got = Eigen::Vector3d::Zero();
  for (std::size_t agent = 0; agent < purchases.choice.size(); ++agent) {
    if (before.choice[agent] != 0) {
      REQUIRE(purchases.choice[agent] == before.choice[agent]);
      continue;
    }
    wanted[purchases.cell[agent]] += 1.0;
    got[purchases.cell[agent]] += purchases.choice[agent] == 0 ? 1.0 : 0.0;
    REQUIRE((purchases.choice[agent] == 0 || purchases.choice[agent] == 2));
  }
  // Whole individuals of every cell, never more than its part.
  for (Eigen::Index cell = 0; cell < 3; ++cell)
    CHECK(got[cell] == std::floor(0.25 * wanted[cell]));
}

TEST_CASE("who is served with less is served with more", "[unit]") {
  Population population = two_products(Representation::agents);
  seat_agents(population, 4000);
  const Purchases first = choose(population, {1.0, 0.0}, probabilities(), any_draws, 0);
  Eigen::ArrayXXd again = Eigen::ArrayXXd::Zero(3, 3);
  again.row(2).setOnes();
  Purchases less = first;
  Purchases more = first;
  choose_again(population, less, Eigen::ArrayXXd::Constant(3, 2, 0.3), again, any_draws, 0, 1);
  choose_again(population, more, Eigen::ArrayXXd::Constant(3, 2, 0.6), again, any_draws, 0, 1);
  for (std::size_t agent = 0; agent < first.choice.size(); ++agent) {
    if (less.choice[agent] < 2) REQUIRE(more.choice[agent] == less.choice[agent]);
  }
}

TEST_CASE("the inactive keep what they hold", "[unit]") {
  const Activity activity{0.4, 0.1};
  const Population types = two_products();
  const Purchases expected = choose(types, activity, probabilities(), any_draws, 0);
  check_close(inactive_by_product(types, activity, expected), Eigen::Vector2d(0.27, 0.162));
  Population agents = two_products(Representation::agents);
  seat_agents(agents, 10000);
  const Purchases drawn = choose(agents, activity, probabilities(), any_draws, 0);
  const Eigen::VectorXd staying = inactive_by_product(agents, activity, drawn);
  settle(agents, activity, drawn, WithoutPurchase::gives_up);
  CHECK((staying + drawn.by_product() - agents.holding.head(2)).cwiseAbs().maxCoeff() < 1e-15);
}
