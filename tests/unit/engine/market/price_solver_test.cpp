#include "engine/market/price_solver.hpp"

#include <cstddef>
#include <cstdlib>

#include "engine/market/logit_prices.hpp"
#include "tests/catch.hpp"
#include "tests/property/generated_market.hpp"

// Counts what this program takes from the heap. The sanitizers bring their own malloc.
#if defined(__GLIBC__) && !defined(__SANITIZE_ADDRESS__)
namespace {
std::size_t allocations = 0;
}  // namespace

extern "C" void* __libc_malloc(std::size_t size);
extern "C" void* malloc(std::size_t size) {
  ++allocations;
  return __libc_malloc(size);
}
#define ENTENTE_COUNTS_ALLOCATIONS
#endif

namespace {

using namespace entente::market;
using entente::test::make_start;
using entente::test::MarketGenerator;

}  // namespace

TEST_CASE("a solver serves market after market as a fresh one does", "[unit]") {
  MarketGenerator generator(71);
  PriceSolver kept;
  for (int k = 0; k < 60; ++k) {
    const Demand demand = generator.make_demand();
    const Supply supply = generator.make_supply(demand.products());
    kept.set_market(demand, supply);
    kept.solve(make_start(supply), {});
    PriceSolver fresh;
    fresh.set_market(demand, supply);
    fresh.solve(make_start(supply), {});
    CHECK(kept.price == fresh.price);
    CHECK(kept.residual == fresh.residual);
  }
}

TEST_CASE("the response to scarcity matches differences of solutions", "[unit]") {
  MarketGenerator generator(72);
  for (int k = 0; k < 40; ++k) {
    INFO("market " << k);
    const Demand demand = generator.make_demand();
    const Supply supply = generator.make_supply(demand.products());
    const Eigen::Index products = demand.products();
    for (const bool own_only : {false, true}) {
      PriceSolver solver;
      solver.set_market(demand, supply);
      solver.solve(make_start(supply), {});
      const Eigen::VectorXd at = solver.price;
      Eigen::MatrixXd response;
      Eigen::VectorXd correction;
      solver.compute_response(own_only, response, correction);
      CHECK(correction.cwiseAbs().maxCoeff() < 1e-9 * at.cwiseAbs().maxCoeff());
      const double step = 1e-5;
      for (Eigen::Index j = 0; j < products; ++j) {
        Scarcity scarcity{Eigen::VectorXd::Zero(products), Eigen::VectorXd::Zero(products)};
        const auto solve_at = [&](double value) {
          scarcity.own(j) = value;
          if (!own_only) scarcity.of_others(j) = value;
          solver.solve(at, {}, &scarcity);
          return solver.price;
        };
        const Eigen::VectorXd above = solve_at(step);
        const Eigen::VectorXd below = solve_at(-step);
        const Eigen::VectorXd difference = (above - below) / (2.0 * step);
        CHECK((difference - response.col(j)).cwiseAbs().maxCoeff() <
              1e-5 * std::max(1.0, response.cwiseAbs().maxCoeff()));
      }
    }
  }
}

#ifdef ENTENTE_COUNTS_ALLOCATIONS
TEST_CASE("solving market after market allocates nothing", "[unit]") {
  MarketGenerator generator(73);
  const Demand demand = generator.make_demand();
  const Supply supply = generator.make_supply(demand.products());
  const Eigen::VectorXd start = make_start(supply);
  PriceSolver solver;
  solver.set_market(demand, supply);
  solver.solve(start, {});
  std::size_t before = allocations;
  for (int k = 0; k < 10; ++k) {
    solver.set_market(demand, supply);
    solver.solve(start, {});
  }
  std::size_t after = allocations;
  CHECK(after == before);

  Demand logit = demand;
  logit.price_term = PriceTerm::linear;
  logit.nesting = Eigen::VectorXd::Ones(1);
  logit.nest.resize(0);
  logit.outside_good = true;
  logit.weight = Eigen::VectorXd::Ones(1);
  logit.price_sensitivity = Eigen::VectorXd::Ones(1);
  logit.utility = Eigen::ArrayXXd::Ones(demand.products(), 1);
  const Supply plain = make_supply(supply.marginal_cost,
                                   Eigen::MatrixXd::Identity(demand.products(), demand.products()));
  LogitPriceSolver aggregator;
  REQUIRE(aggregator.accepts(logit, plain));
  aggregator.solve(logit, plain, {});
  before = allocations;
  bool accepted = true;
  for (int k = 0; k < 10; ++k) {
    accepted = accepted && aggregator.accepts(logit, plain);
    aggregator.solve(logit, plain, {});
  }
  after = allocations;
  CHECK(accepted);
  CHECK(after == before);
}
#endif
