#include <benchmark/benchmark.h>

#include "bench/shipped_world.hpp"
#include "engine/simulation/run_quarter.hpp"
#include "engine/simulation/state/quarter.hpp"

namespace entente::bench {
namespace {

/// The fifth quarter of the baseline, over and over; the copy of the world is in it.
void run_quarter(benchmark::State& state, const std::vector<std::string>& sets) {
  auto world = load_world("baseline.toml", sets);
  const population::Draws draws{world.economy->seed, 0};
  for (int t = 0; t < 4; ++t) {
    simulation::Quarter quarter;
    world = simulation::run_quarter(std::move(world), draws, quarter);
  }
  for (auto _ : state) {
    simulation::Quarter quarter;
    benchmark::DoNotOptimize(simulation::run_quarter(world, draws, quarter).quarter);
  }
  const auto quarters = static_cast<double>(state.iterations());
  state.counters["quarters/s"] = benchmark::Counter(quarters, benchmark::Counter::kIsRate);
  state.counters["markets/s"] = benchmark::Counter(
      quarters * static_cast<double>(world.economy->markets.size()), benchmark::Counter::kIsRate);
}

void quarter_of_types(benchmark::State& state) {
  run_quarter(state, {"population.representation=types"});
}

void quarter_of_counts(benchmark::State& state) {
  run_quarter(state, {"population.representation=counts",
                      "population.agents=" + std::to_string(state.range(0))});
}

void quarter_of_agents(benchmark::State& state) {
  run_quarter(state, {"population.representation=agents",
                      "population.agents=" + std::to_string(state.range(0))});
}

}  // namespace

BENCHMARK(quarter_of_types)->Unit(benchmark::kMillisecond);
BENCHMARK(quarter_of_counts)
    ->ArgName("consumers")
    ->Arg(1'000'000)
    ->Arg(1'000'000'000)
    ->Unit(benchmark::kMillisecond);
BENCHMARK(quarter_of_agents)->ArgName("agents")->Arg(100000)->Unit(benchmark::kMillisecond);

}  // namespace entente::bench
