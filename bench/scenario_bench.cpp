#include <benchmark/benchmark.h>
#include <numeric>

#include "bench/shipped_world.hpp"
#include "engine/experiment/ensemble/ensemble.hpp"

namespace entente::bench {
namespace {

constexpr auto summit = "ms-ceo-summit-2024.toml";
constexpr int quarters = 24;

void count(benchmark::State& state, std::size_t replications) {
  const auto units = static_cast<double>(state.iterations()) * static_cast<double>(replications);
  state.counters["quarters/s"] = benchmark::Counter(units * quarters, benchmark::Counter::kIsRate);
  state.counters["replications/s"] = benchmark::Counter(units, benchmark::Counter::kIsRate);
}

/// From the file to the calibrated quarter 0.
void load_scenario(benchmark::State& state) {
  for (auto _ : state)
    benchmark::DoNotOptimize(load_world(summit).quarter);
}

/// One replication, other deals each time.
void simulate(benchmark::State& state) {
  const auto world = load_world(summit);
  std::uint64_t replication = 0;
  for (auto _ : state)
    benchmark::DoNotOptimize(simulation::simulate(world, replication++, quarters).tables.data());
  count(state, 1);
}

/// What `entente run` does between reading and writing, a thread for each processor.
void run_ensemble(benchmark::State& state) {
  const auto world = load_world(summit);
  std::vector<std::uint64_t> replications(static_cast<std::size_t>(state.range(0)));
  std::iota(replications.begin(), replications.end(), 0);
  experiment::EnsembleOptions options;
  options.threads = experiment::default_threads();
  for (auto _ : state) {
    experiment::run_units(
        replications,
        [&](std::size_t place) {
          const auto results = simulation::simulate(world, replications[place], quarters);
          benchmark::DoNotOptimize(results.tables.data());
        },
        options);
  }
  count(state, replications.size());
  state.counters["threads"] = options.threads;
}

}  // namespace

BENCHMARK(load_scenario)->Unit(benchmark::kMillisecond);
BENCHMARK(simulate)->Unit(benchmark::kMillisecond);
BENCHMARK(run_ensemble)
    ->ArgName("replications")
    ->Arg(200)
    ->Unit(benchmark::kMillisecond)
    ->MeasureProcessCPUTime()
    ->UseRealTime();

}  // namespace entente::bench
