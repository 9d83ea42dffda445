#include "bench/reference_market.hpp"

#include <cmath>

#include "bench/plain_market.hpp"
#include "tests/catch.hpp"
#include "tests/contract/baseline_world.hpp"

using namespace entente;
using namespace entente::test;

namespace {

constexpr int products = 20;
constexpr Eigen::Index activity = Eigen::Index{2} * products;  // place behind shares and prices
constexpr int quarters = 40;

/// What runs end with: J shares of all consumers, J prices, the part of consumers who choose in a
/// quarter. A column a seed.
using Runs = Eigen::MatrixXd;

Runs run_plainly(int seeds, std::int64_t consumers) {
  Runs runs(activity + 1, seeds);
  for (int seed = 1; seed <= seeds; ++seed) {
    const bench::PlainRun run =
        bench::run_plain_market(products, consumers, static_cast<unsigned>(seed), quarters);
    auto column = runs.col(seed - 1);
    for (int j = 0; j < products; ++j) {
      column[j] = run.share[static_cast<std::size_t>(j)];
      column[products + j] = run.price[static_cast<std::size_t>(j)];
    }
    column[activity] = static_cast<double>(run.decisions) / static_cast<double>(consumers) /
                       static_cast<double>(quarters);
  }
  return runs;
}

Eigen::VectorXd run_engine(const bench::ReferenceMarket& market) {
  simulation::World world = bench::build_reference_market(market);
  const population::Draws draws{world.economy->seed, 0};
  Eigen::VectorXd outcome = Eigen::VectorXd::Zero(activity + 1);
  for (int t = 0; t < quarters; ++t) {
    simulation::Quarter quarter;
    world = simulation::run_quarter(simulation::move_on(world), draws, quarter);
    const population::Purchases& purchases = quarter.purchases[0];
    outcome[activity] += purchases.flow.sum() / quarters;
    // Its twenty products are chosen by bounds, where there are enough consumers for bins.
    if (market.representation == "agents" && market.consumers >= 400'000)
      REQUIRE(purchases.by_bounds > purchases.chosen.sum() / 2);
  }
  outcome.head(products) = world.holders[0] * world.base_share;
  simulation::Quarter last;  // prices follow choices by a quarter
  simulation::run_quarter(simulation::move_on(world), draws, last);
  outcome.segment(products, products) = last.price;
  return outcome;
}

/// Welch's scores of the differences of means.
Eigen::ArrayXd scores(const Runs& a, const Runs& b) {
  const auto error = [](const Runs& runs) -> Eigen::ArrayXd {
    const auto n = static_cast<double>(runs.cols());
    return (runs.colwise() - runs.rowwise().mean()).array().square().rowwise().sum() /
           (n * (n - 1.0));
  };
  return (a.rowwise().mean() - b.rowwise().mean()).array() / (error(a) + error(b)).sqrt();
}

/// 41 scores of 2·20 seeds: beyond 4 once in 80 such tests, were they independent. Those of shares
/// squared have a mean of 1, with a deviation of 0.3.
void check_scores(const Eigen::ArrayXd& score) {
  CAPTURE(score.transpose());
  CHECK(score.abs().maxCoeff() < 4.0);
  CHECK(score.head(products).square().mean() < 2.5);
}

}  // namespace

TEST_CASE("agents of the reference market are those that plain code simulates", "[property]") {
  constexpr int seeds = 20;
  constexpr int consumers = 400'000;
  Runs engine(activity + 1, seeds);
  for (int seed = 0; seed < seeds; ++seed) {
    engine.col(seed) = run_engine({.products = products,
                                   .consumers = consumers,
                                   .representation = "agents",
                                   .seed = static_cast<std::uint32_t>(seed) + 1,
                                   .price_types = 9,
                                   .taste_types = 9});
  }
  const Runs plain = run_plainly(seeds, consumers);
  check_scores(scores(engine, plain));
  // Both scatter alike: a ratio of variances of 2·19 degrees, 41 of them.
  const auto spread = [](const Runs& runs) -> Eigen::ArrayXd {
    return (runs.colwise() - runs.rowwise().mean()).array().square().rowwise().sum();
  };
  const Eigen::ArrayXd ratio = spread(engine) / spread(plain);
  CAPTURE(ratio.transpose());
  CHECK(ratio.maxCoeff() < 6.0);
  CHECK(ratio.minCoeff() > 1.0 / 6.0);
}

// Types are the limit of many consumers. What nine nodes a taste miss of the integral, and a market
// of 30,000 of the limit, is below the error of the plain runs.
TEST_CASE("types of the reference market are the limit of plain code", "[property]") {
  const Eigen::VectorXd types = run_engine(
      {.products = products, .representation = "types", .price_types = 9, .taste_types = 9});
  const Runs plain = run_plainly(40, 30000);
  Runs exact(types.size(), 2);
  exact << types, types;
  CHECK(types[activity] == Approx(0.2).epsilon(1e-12));
  check_scores(scores(exact, plain));
}

// Individuals draw tastes of a continuum, which nine nodes each stand for. A share of 20 over 12
// seeds: the root mean square is known to 5%, the slope over three decades to 0.02.
TEST_CASE("individuals of the reference market go to types as the root of their number",
          "[property]") {
  bench::ReferenceMarket market{
      .products = products, .representation = "types", .price_types = 9, .taste_types = 9};
  const Eigen::VectorXd limit = run_engine(market).head(products);
  market.representation = "agents";
  Eigen::Array4d x;
  Eigen::Array4d y;
  constexpr std::uint32_t seeds = 12;
  for (int i = 0; i < 4; ++i) {
    market.consumers = static_cast<std::uint64_t>(std::lround(std::pow(10.0, 3.0 + i)));
    double squares = 0.0;
    for (market.seed = 1; market.seed <= seeds; ++market.seed)
      squares += (run_engine(market).head(products) - limit).squaredNorm();
    x[i] = std::log(static_cast<double>(market.consumers));
    y[i] = 0.5 * std::log(squares / seeds);
  }
  x -= x.mean();
  y -= y.mean();
  const double slope = (x * y).sum() / (x * x).sum();
  CAPTURE(y.transpose());
  CHECK(std::abs(slope + 0.5) < 0.07);
}
