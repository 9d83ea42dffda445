#include "engine/experiment/precision/precise_ensemble.hpp"

#include <cmath>
#include <set>
#include <stdexcept>

#include "engine/experiment/precision/stopping_record.hpp"
#include "engine/population/random_stream.hpp"
#include "tests/catch.hpp"
#include "tests/temporary_folder.hpp"

using namespace entente;
using namespace entente::experiment;
using test::TemporaryFolder;

namespace {

const std::vector<output::ResultTable> tables = [] {
  output::ResultTable table;
  table.name = "markets";
  table.keys = {{"market", "", ""}};
  table.series = {{"price", "", ""}, {"revenue", "", ""}};
  table.rows = {{"wide"}, {"narrow"}};
  return std::vector{table};
}();

constexpr std::size_t quarters = 2;

double wide_revenue(std::uint64_t replication) {
  const population::Draws draws{8, static_cast<std::uint32_t>(replication)};
  return 10.0 + 4.0 * draws.normal(population::stream_name("test", "revenue"), 0);
}

// In the first quarter all is the same, and so is the price in both.
output::JournalEntry unit(std::uint64_t replication) {
  output::JournalEntry entry;
  entry.redraws = 1;
  entry.values = {1, 1, 1, 1, 1, wide_revenue(replication), 1, 5};
  return entry;
}

output::JournalEntry fragile_unit(std::uint64_t replication) {
  if (replication % 3 == 1) throw std::runtime_error("no price");
  return unit(replication);
}

PrecisionGoal revenue_goal(double relative) {
  PrecisionGoal goal;
  goal.series = {{0, 1, {relative, true}}};
  return goal;
}

/// The rule over the values of the replications that do not fail.
Stop expected_stop(double relative, bool fragile) {
  StoppingSearch search({{relative, true}}, {});
  while (!search.stop()) {
    const auto replication = search.count();
    const double value = fragile && replication % 3 == 1 ? std::nan("") : wide_revenue(replication);
    search.add(std::span(&value, 1));
  }
  return *search.stop();
}

PreciseEnsemble run(const TemporaryFolder& folder, const PrecisionGoal& goal, int threads,
                    output::JournalEntry (*work)(std::uint64_t) = unit) {
  output::Journal journal(folder.path() / "journal", "test");
  return run_until_precise(journal, goal, tables, quarters, work, {threads, nullptr, {}});
}

}  // namespace

TEST_CASE("replications run until the rule is met and no further", "[unit]") {
  const Stop stop = expected_stop(0.05, false);
  REQUIRE(stop.count > 200);  // several batches
  for (const int threads : {1, 5}) {
    const TemporaryFolder folder;
    const auto ended = run(folder, revenue_goal(0.05), threads);
    CHECK(ended.search.stop()->count == stop.count);
    CHECK(ended.search.stop()->first_met == stop.first_met);
    REQUIRE(ended.ensemble.replications.size() == stop.count);
    CHECK(ended.ensemble.replications.back() == stop.count - 1);
    CHECK(ended.ensemble.redraws == static_cast<std::int64_t>(stop.count));
    CHECK(ended.ensemble.reused == 0);
  }
}

TEST_CASE("failed replications are counted and in no estimate", "[unit]") {
  const TemporaryFolder folder;
  const Stop stop = expected_stop(0.1, true);
  const auto ended = run(folder, revenue_goal(0.1), 2, fragile_unit);
  CHECK(ended.search.count() == stop.count);
  CHECK(ended.ensemble.replications.size() + ended.ensemble.failures.size() == stop.count);
  CHECK(ended.ensemble.failures.front().replication == 1);
  CHECK(ended.search.means()[0].count() == ended.ensemble.replications.size());
}

TEST_CASE("a journal is gone on from, whatever it has", "[unit]") {
  const TemporaryFolder folder;
  const Stop coarse = expected_stop(0.2, false);
  const Stop fine = expected_stop(0.1, false);
  REQUIRE(coarse.count < fine.count);
  std::set<std::uint64_t> ran;
  run(folder, revenue_goal(0.2), 1);
  output::Journal journal(folder.path() / "journal", "test");
  const std::size_t there = journal.entries().size();
  REQUIRE(there >= coarse.count);
  const auto note = [&](std::uint64_t replication) {
    ran.insert(replication);
    return unit(replication);
  };
  const auto ended =
      run_until_precise(journal, revenue_goal(0.1), tables, quarters, note, {1, nullptr, {}});
  CHECK(ended.ensemble.replications.size() == fine.count);
  CHECK(ended.ensemble.reused == there);
  CHECK(*ran.begin() == there);
  // What is beyond the stop is there and not reused.
  const auto again =
      run_until_precise(journal, revenue_goal(0.2), tables, quarters, note, {1, nullptr, {}});
  CHECK(again.ensemble.replications.size() == coarse.count);
  CHECK(again.ensemble.reused == coarse.count);
}

TEST_CASE("the most replications allowed end a run that is not precise", "[unit]") {
  const TemporaryFolder folder;
  auto goal = revenue_goal(0.01);
  goal.most = 60;
  const auto ended = run(folder, goal, 2);
  CHECK_FALSE(ended.search.stop());
  CHECK(ended.ensemble.replications.size() == 60);
  auto record = describe_goal(goal, tables);
  describe_end(ended.search, goal, tables, "2030Q1", record);
  CHECK_FALSE(record.met);
  REQUIRE(record.widest);
  CHECK(record.widest->series == "markets.revenue");
  CHECK(record.widest->entity == "wide");
  CHECK(record.widest->quarter == "2030Q1");
  CHECK(record.widest->values == 60);
  CHECK(record.widest->half_width == ended.search.means()[0].half_width(0.95));
  // By the spread seen, and 5% of it to look ahead.
  const double needed =
      60.0 * std::pow(record.widest->half_width / (0.01 * record.widest->mean), 2.0);
  CHECK(std::abs(static_cast<double>(record.needed.value()) - 1.05 * needed) < 2.0);
}

TEST_CASE("a run without any result ends with its first batch", "[unit]") {
  const TemporaryFolder folder;
  const auto ended = run(folder, revenue_goal(0.05), 2, [](std::uint64_t) -> output::JournalEntry {
    throw std::runtime_error("no price");
  });
  CHECK(ended.ensemble.replications.empty());
  CHECK(ended.ensemble.failures.size() == fewest_replications({}));
}

TEST_CASE("progress tells what is expected", "[unit]") {
  const TemporaryFolder folder;
  output::Journal journal(folder.path() / "journal", "test");
  std::vector<std::pair<std::size_t, std::size_t>> seen;
  const auto ended = run_until_precise(
      journal, revenue_goal(0.05), tables, quarters, unit,
      {1, nullptr, [&](std::size_t done, std::size_t all) { seen.emplace_back(done, all); }});
  CHECK(seen.front() == std::pair<std::size_t, std::size_t>(1, fewest_replications({})));
  const auto [done, all] = seen[seen.size() / 2];
  CHECK(done == seen.size() / 2 + 1);
  const auto count = static_cast<double>(ended.search.count());
  CHECK(static_cast<double>(all) > 0.5 * count);
  CHECK(static_cast<double>(all) < 2.0 * count);
  for (const auto& [ready, expected] : seen)
    CHECK(ready <= expected);
}
