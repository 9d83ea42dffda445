#include "engine/report/terminal.hpp"

#include <algorithm>
#include <limits>
#include <memory>
#include <sstream>

#include "tests/catch.hpp"

using namespace entente;
using entente::test::contains;

namespace {

struct Run {
  std::vector<output::ResultTable> tables;
  std::vector<output::Results> results;
  std::size_t quarters = 2;
  mutable std::shared_ptr<experiment::MemoryStore> store;
  experiment::Outcome outcome() const {
    store = std::make_shared<experiment::MemoryStore>(results);
    return {&tables, store.get(), quarters};
  }
};

const report::RunFacts facts{
    "Alpha meets beta", "results/alpha", "types", "2024Q1", "2024Q2", 3.21, 2};

// Two replications over some quarters of `markets` markets with two products, and `deals` deals.
Run sample(int markets, int deals, int quarters = 2) {
  Run run;
  run.quarters = static_cast<std::size_t>(quarters);
  output::ResultTable market_table;
  market_table.name = "markets";
  market_table.keys = {{"market", "", ""}};
  market_table.series = {{"revenue_usd_bn", "", ""}, {"price_index", "", ""}, {"hhi", "", ""}};
  output::ResultTable product_table;
  product_table.name = "products";
  product_table.keys = {{"market", "", ""}, {"product", "", ""}};
  product_table.series = {{"share_percent", "", ""}};
  output::ResultTable deal_table;
  deal_table.name = "partnerships";
  deal_table.keys = {{"partnership", "", ""}, {"kind", "", ""}};
  deal_table.series = {{"active", "", ""}, {"strength", "", ""}};
  run.results.resize(2, output::Results{{{}, {}, {}}});
  for (int m = 0; m < markets; ++m) {
    const auto name = "widgets-" + std::to_string(m);
    market_table.rows.push_back({name});
    product_table.rows.push_back({name, "small"});
    product_table.rows.push_back({name, "large"});
  }
  for (int d = 0; d < deals; ++d)
    deal_table.rows.push_back({"deal-" + std::to_string(d), "supply"});
  run.tables = {market_table, product_table, deal_table};
  for (std::size_t r = 0; r < 2; ++r) {
    const double luck = static_cast<double>(r);
    for (int q = 0; q < quarters; ++q) {
      for (int m = 0; m < markets; ++m) {
        auto& values = run.results[r].tables[0].values;
        for (const double value : {3.1 + 10 * q + q * luck, 1.0 - 0.25 * q, 4000.0}) {
          values.push_back(value);
        }
        for (const double share : {40.0 - q, 60.0 + q}) {
          run.results[r].tables[1].values.push_back(share);
        }
      }
      for (int d = 0; d < deals; ++d) {
        run.results[r].tables[2].values.push_back(luck);
        run.results[r].tables[2].values.push_back(luck * 0.5);
      }
    }
  }
  return run;
}

std::vector<std::string> lines_of(const std::string& screen) {
  std::istringstream stream(screen);
  std::vector<std::string> lines;
  for (std::string line; std::getline(stream, line);)
    lines.push_back(line);
  return lines;
}

std::ptrdiff_t columns_of(const std::string& line) {
  return std::count_if(line.begin(), line.end(), [](char byte) {
    return (static_cast<unsigned char>(byte) & 0xC0U) != 0x80U;
  });
}

}  // namespace

TEST_CASE("the screen tells what ran, which deals formed and how markets moved", "[unit]") {
  const auto run = sample(1, 1);
  const auto screen = report::run_screen(facts, run.outcome(), {});
  CHECK_THAT(screen, contains("Alpha meets beta\n"));
  CHECK_THAT(screen,
             contains("2 quarters 2024Q1 to 2024Q2, 2 replications, types, 3.2 s on 2 threads"));
  CHECK_THAT(screen, contains("deal-0"));
  CHECK_THAT(screen, contains("1 of 2         0.50"));
  // Last-quarter revenue 13.1 and 14.1: mean 13.6, quantiles 13.2 and 14.0.
  CHECK_THAT(screen, contains("    ▁█ 3.10 → 13.6 [13.2, 14.0]  █▁ 1.00 → 0.75  ▄▄ 4000 → 4000\n"));
  CHECK_THAT(screen, contains("  widgets-0         large 60.0 → 61.0%, small 40.0 → 39.0%\n"));
  CHECK_THAT(screen, contains("Results: results/alpha\n"));
  CHECK(screen.find('\033') == std::string::npos);
  CHECK_THAT(report::run_screen(facts, run.outcome(), {.colour = true}), contains("\033[1m"));
}

TEST_CASE("the screen stays within 40 lines of 100 columns and says what it left out", "[unit]") {
  auto named = facts;
  named.title = std::string(300, 'x') + "é";
  for (const int markets : {0, 1, 8, 60}) {
    for (const int deals : {0, 1, 9, 60}) {
      const auto run = sample(markets, deals);
      const auto lines = lines_of(report::run_screen(named, run.outcome(), {}));
      INFO(markets << " markets, " << deals << " deals");
      CHECK(lines.size() <= 40);
      for (const auto& line : lines)
        CHECK(columns_of(line) <= 100);
    }
  }
  const auto crowded = report::run_screen(facts, sample(60, 60).outcome(), {});
  CHECK_THAT(crowded, contains("more, in partnerships.csv"));
  CHECK_THAT(crowded, contains("more, in markets.csv"));
  const auto usual = report::run_screen(facts, sample(8, 9).outcome(), {});
  CHECK(usual.find("more, in") == std::string::npos);
}

TEST_CASE("a screen with fewer columns gives up ranges, one with more shows longer courses",
          "[unit]") {
  const auto run = sample(9, 9, 24);
  const auto seen = [&](std::size_t columns) {
    auto screen = report::run_screen(facts, run.outcome(), {.columns = columns});
    for (const auto& line : lines_of(screen))
      CHECK(static_cast<std::size_t>(columns_of(line)) <= columns);
    return screen;
  };
  const auto wide = seen(200);
  CHECK_THAT(wide, contains("    ▁▁▂▂▂▃▃▃▃▄▄▄▅▅▅▆▆▆▆▇▇▇██ 3.10 → 245 [") &&
                       contains("[10% and 90% quantile]"));
  const auto narrow = seen(60);
  CHECK_THAT(narrow, contains("█ 3.10 → 245  ") && !contains("quantile"));
  CHECK_THAT(report::run_screen(facts, run.outcome(), {.unicode = false}),
             contains("3.10 > 245") && !contains("▁"));
}

TEST_CASE("one quarter has no course", "[unit]") {
  const auto screen = report::run_screen(facts, sample(1, 1, 1).outcome(), {});
  CHECK_THAT(screen, contains("    3.10 → 3.10") && contains("(mean in the first → last quarter"));
}

TEST_CASE("the screen tells how well means are known where that ended the run", "[unit]") {
  const auto run = sample(30, 30);
  auto open = facts;
  open.stopping = "95% intervals within 5%";
  const auto screen = report::run_screen(open, run.outcome(), {});
  CHECK_THAT(screen, contains("\n95% intervals within 5%\n"));
  CHECK(std::count(screen.begin(), screen.end(), '\n') <= 40);
}

TEST_CASE("the screen copes with tables and series that are not there", "[unit]") {
  auto run = sample(1, 1);
  run.tables[0].series[1].name = "another";
  run.tables[1].name = "others";
  run.tables[2].name = "none";
  const auto screen = report::run_screen(facts, run.outcome(), {});
  CHECK_THAT(screen, contains("3.10 → 13.6"));
  CHECK(screen.find("Deals") == std::string::npos);
  CHECK(screen.find("0.75") == std::string::npos);

  Run bare;
  bare.results.resize(1);
  CHECK_THAT(report::run_screen(facts, bare.outcome(), {}), contains("1 replication, types"));
}

TEST_CASE("a value that starts to exist later is told so", "[unit]") {
  auto run = sample(1, 0);
  for (auto& results : run.results) {
    results.tables[0].values[0] = std::numeric_limits<double>::quiet_NaN();
  }
  CHECK_THAT(report::run_screen(facts, run.outcome(), {}), contains("none → 13.6"));
}
