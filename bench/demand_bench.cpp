#include <benchmark/benchmark.h>

#include "bench/sample_market.hpp"

namespace entente::bench {
namespace {

/// Choice probabilities of J products in C cells.
void compute_choice(benchmark::State& state) {
  const auto demand = make_demand(state.range(0), state.range(1));
  const Eigen::VectorXd prices = 1.5 * make_supply(state.range(0)).marginal_cost;
  for (auto _ : state)
    benchmark::DoNotOptimize(market::compute_choice(demand, prices).outside_share);
  const auto markets = static_cast<double>(state.iterations());
  state.counters["markets/s"] = benchmark::Counter(markets, benchmark::Counter::kIsRate);
  state.counters["probabilities/s"] = benchmark::Counter(
      markets * static_cast<double>(state.range(0) * state.range(1)), benchmark::Counter::kIsRate);
}

}  // namespace

BENCHMARK(compute_choice)->ArgNames({"J", "C"})->ArgsProduct({{4, 12, 50}, {1, 16, 256}});

}  // namespace entente::bench
