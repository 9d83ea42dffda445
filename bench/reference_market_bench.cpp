#include <array>
#include <benchmark/benchmark.h>
#include <cstdio>
#include <limits>
#include <map>
#include <stdexcept>
#include <string>
#include <tbb/global_control.h>
#include <utility>

#include "bench/plain_market.hpp"
#include "bench/reference_market.hpp"
#include "engine/simulation/run_quarter.hpp"
#include "engine/simulation/simulate.hpp"

namespace entente::bench {
namespace {

constexpr int quarters = 40;
constexpr double plain_seconds = 2.0;
constexpr unsigned seed = 1;

using Pair = std::pair<std::int64_t, int>;  // consumers, products

/// Decisions per second of processor time of the plain implementation, measured once a pair.
std::map<Pair, double>& plain_rates() {
  static std::map<Pair, double> rates;
  return rates;
}

double plain_rate(const Pair& pair, const PlainRun& run) {
  const double rate = static_cast<double>(run.decisions) / run.cpu_seconds;
  plain_rates()[pair] = rate;
  return rate;
}

PlainRun run_plain(const Pair& pair) {
  return run_plain_market(pair.second, pair.first, seed, std::numeric_limits<int>::max(),
                          plain_seconds);
}

void plain(benchmark::State& state, const Pair& pair) {
  PlainRun run;
  for (auto _ : state)
    run = run_plain(pair);
  state.counters["decisions_per_cpu_second"] = plain_rate(pair, run);
  state.counters["bytes_per_agent"] = run.bytes_per_consumer;
}

std::size_t find_series(const output::ResultTable& table, const std::string& name) {
  for (std::size_t s = 0; s < table.series.size(); ++s) {
    if (table.series[s].name == name) return s;
  }
  throw std::logic_error("no series " + name);
}

/// How many consumers decided in a run: those whose orders were placed, and those who took the
/// outside good.
double count_decisions(const simulation::World& world, const output::Results& results) {
  const auto tables = simulation::result_tables(world);
  std::vector<double> ordered(quarters, 0.0);
  double decisions = 0.0;
  for (std::size_t t = 0; t < tables.size(); ++t) {
    const auto& values = results.tables[t].values;
    const std::size_t series = tables[t].series.size();
    const std::size_t rows = tables[t].rows.size();
    if (tables[t].name == "products") {
      const std::size_t orders = find_series(tables[t], "orders");
      for (std::size_t q = 0; q < quarters; ++q) {
        for (std::size_t row = 0; row < rows; ++row)
          ordered[q] += values[(q * rows + row) * series + orders];
      }
    } else if (tables[t].name == "markets") {
      const std::size_t outside = find_series(tables[t], "outside_share_percent");
      for (std::size_t q = 0; q < quarters; ++q)
        decisions += ordered[q] / (1.0 - values[q * series + outside] / 100.0);
    }
  }
  return decisions;
}

/// Memory of a consumer once a quarter has been run.
double bytes_during_run(const simulation::World& world) {
  simulation::Quarter quarter;
  const simulation::World next = simulation::run_quarter(world, {seed, 0}, quarter);
  return population::bytes_per_consumer(next.populations[0]);
}

void engine(benchmark::State& state, const Pair& pair, int threads) {
  const tbb::global_control control(tbb::global_control::max_allowed_parallelism,
                                    static_cast<std::size_t>(threads));
  const double begin = process_cpu_seconds();
  const simulation::World world = build_reference_market(
      {.products = pair.second, .consumers = static_cast<std::uint64_t>(pair.first)});
  const double start = process_cpu_seconds();
  output::Results results;
  for (auto _ : state)
    results = simulation::simulate(world, 0, quarters);
  const double seconds = (process_cpu_seconds() - start) / static_cast<double>(state.iterations());
  const double rate = count_decisions(world, results) / seconds;
  if (!plain_rates().contains(pair)) plain_rate(pair, run_plain(pair));
  state.counters["decisions_per_cpu_second"] = rate;
  state.counters["bytes_per_agent"] = bytes_during_run(world);
  state.counters["startup_seconds"] = start - begin;
  state.counters["ratio_to_plain"] = rate / plain_rates().at(pair);
}

void register_pair(std::int64_t consumers, int products, int most_threads) {
  const Pair pair{consumers, products};
  const std::string size = std::to_string(consumers) + "/" + std::to_string(products) + "/";
  benchmark::RegisterBenchmark(("plain/" + size + "1").c_str(), [pair](benchmark::State& state) {
    plain(state, pair);
  })->Unit(benchmark::kMillisecond);
  for (int threads = 1; threads <= most_threads; ++threads) {
    benchmark::RegisterBenchmark(
        ("engine/" + size + std::to_string(threads)).c_str(),
        [pair, threads](benchmark::State& state) { engine(state, pair, threads); })
        ->Unit(benchmark::kMillisecond);
  }
}

/// One line a benchmark: its time, then its counters in this order, where it has them.
class CounterTable : public benchmark::BenchmarkReporter {
 public:
  bool ReportContext(const Context& /*context*/) override {
    std::printf("%-24s %12s", "consumers/products/threads", "real ms");
    for (const auto& [counter, title] : columns)
      std::printf(" %16s", title);
    std::printf("\n");
    return true;
  }
  void ReportRuns(const std::vector<Run>& runs) override {
    for (const Run& run : runs) {
      std::printf("%-26s %12.1f", run.benchmark_name().c_str(), run.GetAdjustedRealTime());
      for (const auto& [counter, title] : columns) {
        const auto found = run.counters.find(counter);
        if (found == run.counters.end()) {
          std::printf(" %16s", "");
        } else {
          std::printf(" %16.4g", found->second.value);
        }
      }
      std::printf("\n");
      std::fflush(stdout);
    }
  }

 private:
  static constexpr std::array<std::pair<const char*, const char*>, 4> columns = {
      {{"startup_seconds", "start-up s"},
       {"bytes_per_agent", "bytes/agent"},
       {"decisions_per_cpu_second", "decisions/CPU-s"},
       {"ratio_to_plain", "ratio to plain"}}};
};

}  // namespace
}  // namespace entente::bench

int main(int argc, char** argv) {
  using entente::bench::register_pair;
  register_pair(10'000, 20, 1);
  register_pair(100'000, 20, 1);
  register_pair(1'000'000, 20, 2);
  register_pair(10'000'000, 20, 2);
  for (const int products : {5, 100, 500})
    register_pair(1'000'000, products, 1);
  benchmark::Initialize(&argc, argv);
  if (benchmark::ReportUnrecognizedArguments(argc, argv)) return 1;
  entente::bench::CounterTable table;
  benchmark::RunSpecifiedBenchmarks(&table);
  return 0;
}
