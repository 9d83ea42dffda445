#include "engine/population/counts.hpp"

#include <algorithm>
#include <cmath>
#include <limits>

#include "tests/catch.hpp"

using namespace entente::population;

namespace {

/// Two types, two products: cells hold the first, the second, none, type by type.
Population two_types(std::uint64_t consumers) {
  Population population;
  population.cells = {2, 2, true};
  population.representation = Representation::counts;
  population.holding.resize(6);
  population.holding << 0.3, 0.15, 0.05, 0.2, 0.15, 0.15;
  population.choice_stream = stream_name("choice", "widget");
  population.lottery_stream = stream_name("lottery", "widget");
  seat_counts(population, consumers);
  return population;
}

/// Rows: first, second, outside; columns: cells.
Eigen::ArrayXXd probabilities() {
  Eigen::ArrayXXd probability(3, 6);
  probability << 0.6, 0.25, 0.4, 0.5, 0.1, 0.2,  //
      0.2, 0.5, 0.4, 0.3, 0.8, 0.3,              //
      0.2, 0.25, 0.2, 0.2, 0.1, 0.5;
  return probability;
}

/// Everyone of every cell takes the one product.
Eigen::ArrayXXd all_take(Eigen::Index product) {
  Eigen::ArrayXXd probability = Eigen::ArrayXXd::Zero(3, 6);
  probability.row(product).setOnes();
  return probability;
}

const Draws any_draws{3, 1};

Counts cells(std::initializer_list<std::int64_t> numbers) {
  Counts counts(static_cast<Eigen::Index>(numbers.size()));
  std::copy(numbers.begin(), numbers.end(), counts.begin());
  return counts;
}

}  // namespace

TEST_CASE("counts are seated and what is certain happens, worked by hand", "[unit]") {
  Population population = two_types(100);
  CHECK(population.count == cells({30, 15, 5, 20, 15, 15}));
  Purchases all = choose(population, {1.0, 0.0}, all_take(1), any_draws, 0);
  CHECK(all.choosing.col(1) == population.count);
  CHECK(all.by_product() == Eigen::Vector2d(0.0, 1.0));
  CHECK(all.staying.sum() == 0);
  settle(population, {1.0, 0.0}, all, WithoutPurchase::keeps);
  CHECK(population.count == cells({0, 50, 0, 0, 50, 0}));
  CHECK(population.holding[1] == 0.5);
  Population kept = two_types(100);
  Purchases none = choose(kept, {1.0, 0.0}, all_take(2), any_draws, 0);
  Population given_up = kept;
  settle(kept, {1.0, 0.0}, none, WithoutPurchase::keeps);
  CHECK(kept.count == cells({30, 15, 5, 20, 15, 15}));
  settle(given_up, {1.0, 0.0}, none, WithoutPurchase::gives_up);
  CHECK(given_up.count == cells({0, 0, 50, 0, 0, 50}));
}

TEST_CASE("nobody is lost through many quarters, and types keep their people", "[unit]") {
  for (const std::uint64_t consumers : {1009ULL, 999'999'999'999'999'999ULL}) {
    for (const auto rule : {WithoutPurchase::keeps, WithoutPurchase::gives_up}) {
      Population population = two_types(consumers);
      const std::int64_t first_type = population.count.head(3).sum();
      const Activity activity{0.3, rule == WithoutPurchase::gives_up ? 0.05 : 0.0};
      for (std::uint32_t quarter = 0; quarter < 40; ++quarter) {
        Purchases purchases = choose(population, activity, probabilities(), any_draws, quarter);
        choose_again(population, purchases, Eigen::ArrayXXd::Constant(6, 2, 0.7), all_take(2),
                     any_draws, quarter, 1);
        const Eigen::VectorXd staying = inactive_by_product(population, activity, purchases);
        settle(population, activity, purchases, rule);
        REQUIRE(population.count.minCoeff() >= 0);
        REQUIRE(population.count.head(3).sum() == first_type);
        REQUIRE(population.count.sum() == static_cast<std::int64_t>(consumers));
        REQUIRE(std::abs(population.holding.sum() - 1.0) < 1e-14);
        if (rule == WithoutPurchase::keeps) continue;
        const Eigen::VectorXd held = population.holding.head(2) + population.holding.segment(3, 2);
        REQUIRE((staying + purchases.by_product() - held).cwiseAbs().maxCoeff() < 1e-15);
      }
    }
  }
}

// A hazard of 0 leaves the newcomers alone: 30% of each type, binomial, and they hold nothing.
TEST_CASE("counted newcomers hold nothing and always choose", "[unit]") {
  const Population population = two_types(20000);
  const Purchases purchases = choose(population, {0.0, 0.3}, probabilities(), any_draws, 4);
  for (const Eigen::Index cell : {0, 1, 3, 4})
    CHECK(purchases.choosing.row(cell).sum() == 0);
  for (const Eigen::Index type : {0, 1}) {
    const double newcomers = static_cast<double>(purchases.choosing.row(3 * type + 2).sum());
    CHECK(std::abs(newcomers - 3000.0) < 4.0 * std::sqrt(10000.0 * 0.3 * 0.7));
  }
  for (Eigen::Index cell = 0; cell < 6; ++cell) {
    const auto n = static_cast<double>(population.count[cell]);
    CHECK(std::abs(static_cast<double>(purchases.staying[cell]) - 0.7 * n) <
          4.0 * std::sqrt(n * 0.3 * 0.7));
  }
}

// Each entry of the flow is binomial, so its deviation over √(q(1−q)n)/N has variance 1.
TEST_CASE("counted flows scatter around those of types as counts do", "[unit]") {
  for (const std::uint64_t consumers : {2000ULL, 1'000'000'000ULL}) {
    const Population population = two_types(consumers);
    Population types = population;
    types.representation = Representation::types;
    const Activity activity{0.5, 0.0};
    const Eigen::MatrixXd expected = choose(types, activity, probabilities(), any_draws, 0).flow;
    double squares = 0.0;
    int terms = 0;
    for (std::uint32_t quarter = 0; quarter < 200; ++quarter) {
      const Eigen::MatrixXd flow =
          choose(population, activity, probabilities(), any_draws, quarter).flow;
      for (Eigen::Index cell = 0; cell < 6; ++cell) {
        const double n = population.holding[cell] * static_cast<double>(consumers);
        for (Eigen::Index choice = 0; choice < 3; ++choice) {
          const double q = expected(cell, choice) / population.holding[cell];
          const double error = std::sqrt(q * (1.0 - q) * n) / static_cast<double>(consumers);
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

TEST_CASE("a cell's draws do not depend on the others", "[unit]") {
  const Population population = two_types(100'000);
  const Activity activity{0.4, 0.0};
  const Purchases before = choose(population, activity, probabilities(), any_draws, 2);
  Population changed = population;
  changed.count[0] += 5000;
  changed.count[3] = 7;
  Eigen::ArrayXXd other = probabilities();
  other.col(4) = Eigen::Array3d(0.3, 0.3, 0.4);
  const Purchases after = choose(changed, activity, other, any_draws, 2);
  for (const Eigen::Index cell : {1, 2, 5})
    CHECK(after.choosing.row(cell) == before.choosing.row(cell));
  CHECK(after.choosing.row(0) != before.choosing.row(0));
  // Cells that are alike have each its own luck, and so has every quarter.
  changed.count.setConstant(50'000);
  for (Eigen::Index cell = 1; cell < 6; ++cell)
    other.col(cell) = other.col(0);
  const Purchases alike = choose(changed, activity, other, any_draws, 2);
  for (Eigen::Index cell = 1; cell < 6; ++cell)
    CHECK(alike.choosing.row(cell) != alike.choosing.row(0));
  CHECK(choose(changed, activity, other, any_draws, 3).choosing != alike.choosing);
}

TEST_CASE("rationing serves whole consumers and the others choose again", "[unit]") {
  const Population population = two_types(30'001);
  const Purchases before = choose(population, {1.0, 0.0}, probabilities(), any_draws, 0);
  Eigen::ArrayXXd served = Eigen::ArrayXXd::Ones(6, 2);
  served.col(0).setConstant(0.25);
  Purchases purchases = before;
  choose_again(population, purchases, served, all_take(2), any_draws, 0, 1);
  for (Eigen::Index cell = 0; cell < 6; ++cell) {
    const std::int64_t wanted = before.choosing(cell, 0);
    CHECK(purchases.choosing(cell, 0) == wanted / 4);
    CHECK(purchases.choosing(cell, 1) == before.choosing(cell, 1));
    CHECK(purchases.choosing(cell, 2) == before.choosing(cell, 2) + wanted - wanted / 4);
  }
  CHECK(purchases.flow(2, 0) == static_cast<double>(purchases.choosing(2, 0)) / 30'001.0);
  // Three whole ones of 3 served to 1 − 1e-12 stay three: rounding is no scarcity.
  Population few = population;
  few.count = cells({3, 0, 0, 0, 0, 0});
  Purchases three = choose(few, {1.0, 0.0}, all_take(0), any_draws, 0);
  served.setConstant(1.0 - 1e-12);
  choose_again(few, three, served, all_take(2), any_draws, 0, 1);
  CHECK(three.choosing(0, 0) == 3);
}

TEST_CASE("those who choose again scatter, each round anew", "[unit]") {
  const Population population = two_types(1'000'000);
  const Purchases before = choose(population, {1.0, 0.0}, all_take(0), any_draws, 0);
  const Eigen::ArrayXXd none = Eigen::ArrayXXd::Zero(6, 2);
  Purchases first = before;
  Purchases second = before;
  choose_again(population, first, none, probabilities(), any_draws, 0, 1);
  choose_again(population, second, none, probabilities(), any_draws, 0, 2);
  for (Eigen::Index cell = 0; cell < 6; ++cell) {
    CHECK(first.choosing.row(cell) != second.choosing.row(cell));
    for (Eigen::Index choice = 0; choice < 3; ++choice) {
      const auto n = static_cast<double>(population.count[cell]);
      const double q = probabilities()(choice, cell);
      CHECK(std::abs(static_cast<double>(first.choosing(cell, choice)) - n * q) <
            4.0 * std::sqrt(n * q * (1.0 - q)));
    }
  }
}

TEST_CASE("accounts are counted where they are seated and do not move", "[unit]") {
  Population accounts;
  accounts.cells = {3, 2, false};
  accounts.representation = Representation::counts;
  accounts.holding = Eigen::Vector3d(0.5, 0.3, 0.2);
  accounts.choice_stream = stream_name("choice", "part");
  seat_counts(accounts, 1000);
  Purchases purchases = choose(accounts, {1.0, 0.0}, probabilities().leftCols(3), any_draws, 0);
  CHECK(purchases.choosing.rowwise().sum() == cells({500, 300, 200}));
  settle(accounts, {1.0, 0.0}, purchases, WithoutPurchase::keeps);
  CHECK(accounts.count == cells({500, 300, 200}));
}
