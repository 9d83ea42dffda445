#include <benchmark/benchmark.h>

#include "bench/sample_market.hpp"
#include "engine/market/capacity.hpp"

namespace entente::bench {
namespace {

void count(benchmark::State& state, int iterations_of_solver) {
  state.counters["markets/s"] =
      benchmark::Counter(static_cast<double>(state.iterations()), benchmark::Counter::kIsRate);
  state.counters["solver_iterations"] = iterations_of_solver;
}

/// From a common markup, as at the first quarter.
void bertrand_cold(benchmark::State& state) {
  const auto demand = make_demand(state.range(0), state.range(1));
  const auto supply = make_supply(state.range(0));
  const Eigen::VectorXd start = 1.5 * supply.marginal_cost;
  int iterations = 0;
  for (auto _ : state)
    iterations = market::compute_bertrand_prices(demand, supply, start).iterations;
  count(state, iterations);
}

/// From last quarter's prices, after every cost fell by one percent.
void bertrand_warm(benchmark::State& state) {
  const auto demand = make_demand(state.range(0), state.range(1));
  auto supply = make_supply(state.range(0));
  const Eigen::VectorXd start =
      market::compute_bertrand_prices(demand, supply, 1.5 * supply.marginal_cost).price;
  supply.marginal_cost *= 0.99;
  int iterations = 0;
  for (auto _ : state)
    iterations = market::compute_bertrand_prices(demand, supply, start).iterations;
  count(state, iterations);
}

/// The same when every third product can deliver only 80% of what it would sell.
void capacity_warm(benchmark::State& state) {
  const auto demand = make_demand(state.range(0), state.range(1));
  auto supply = make_supply(state.range(0));
  const Eigen::VectorXd start =
      market::compute_bertrand_prices(demand, supply, 1.5 * supply.marginal_cost).price;
  Eigen::VectorXd capacity = market::compute_choice(demand, start).share;
  for (Eigen::Index j = 0; j < capacity.size(); ++j)
    capacity(j) *= j % 3 == 0 ? 0.8 : 10.0;
  const market::Resources resources = market::make_product_capacities(capacity);
  supply.marginal_cost *= 0.99;
  int iterations = 0;
  for (auto _ : state) {
    iterations =
        market::compute_capacity_prices(demand, supply, 1.0, resources, start).prices.iterations;
  }
  count(state, iterations);
}

void sizes(benchmark::internal::Benchmark* bench) {
  bench->ArgNames({"J", "C"})->ArgsProduct({{4, 12, 50}, {1, 16}})->Unit(benchmark::kMicrosecond);
}

}  // namespace

BENCHMARK(bertrand_cold)->Apply(sizes);
BENCHMARK(bertrand_warm)->Apply(sizes);
BENCHMARK(capacity_warm)->Apply(sizes);

}  // namespace entente::bench
