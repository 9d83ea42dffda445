// What the manifest and the screen take from an outcome: deals, convergence, memory.
#include <algorithm>
#include <atomic>
#include <limits>

#include "engine/experiment/choice_paths.hpp"
#include "engine/experiment/convergence.hpp"
#include "engine/experiment/deals.hpp"
#include "engine/experiment/ensemble/ensemble.hpp"
#include "engine/experiment/memory.hpp"
#include "engine/experiment/run_results.hpp"
#include "tests/catch.hpp"
#include "tests/temporary_folder.hpp"

using namespace entente;

namespace {

const double missing = std::numeric_limits<double>::quiet_NaN();

// Two deals over two quarters in three replications: `early` forms in the first two and is
// dissolved in the second; `never` does not form.
struct Case {
  std::vector<output::ResultTable> tables;
  experiment::MemoryStore results;

  Case()
      : results({{{{{1, 0.5, 0, 0, 1, 0.8, 0, 0}}, {{1e-12, 3e-11}}}},
                 {{{{1, 0.5, 0, 0, 0, 0, 0, 0}}, {{1e-13, missing}}}},
                 {{{{0, 0, 0, 0, 0, 0, 0, 0}}, {{-5e-12, 1e-12}}}}}) {
    output::ResultTable deals;
    deals.name = "partnerships";
    deals.keys = {{"partnership", "", ""}, {"kind", "", ""}};
    deals.series = {{"active", "", ""}, {"strength", "", ""}};
    deals.rows = {{"early", "supply"}, {"never", "alliance"}};
    output::ResultTable markets;
    markets.name = "markets";
    markets.keys = {{"market", "", ""}};
    markets.series = {{"pricing_residual", "", ""}};
    markets.rows = {{"widgets"}};
    tables = {deals, markets};
  }
  experiment::Outcome outcome() const { return {&tables, &results, 2}; }
};

}  // namespace

TEST_CASE("a deal counts as formed when it was ever active", "[unit]") {
  const Case given;
  const auto deals = experiment::deal_outcomes(given.outcome());
  REQUIRE(deals.size() == 2);
  CHECK(deals[0].id == "early");
  CHECK(deals[0].kind == "supply");
  CHECK(deals[0].formed == 2);
  CHECK(*deals[0].final_strength == 0.8);  // of the one replication that has it at the end
  CHECK(deals[1].formed == 0);
  CHECK_FALSE(deals[1].final_strength);
}

TEST_CASE("the worst residual is the largest in size", "[unit]") {
  const Case given;
  const auto pricing = experiment::convergence(given.outcome());
  CHECK(pricing.markets_priced == 5);
  CHECK(*pricing.worst_residual == 3e-11);
}

TEST_CASE("an outcome without those tables has no deals and no residual", "[unit]") {
  const std::vector<output::ResultTable> tables;
  const experiment::MemoryStore results(std::vector<output::Results>(3));
  const experiment::Outcome outcome{&tables, &results, 2};
  CHECK(experiment::deal_outcomes(outcome).empty());
  CHECK(experiment::convergence(outcome).markets_priced == 0);
  CHECK_FALSE(experiment::convergence(outcome).worst_residual);
}

TEST_CASE("memory follows from the sizes and is told in words", "[unit]") {
  const Case given;
  // (2 deals × 2 series + 1 market × 1) × 24 quarters × 200 replications × 8 bytes.
  CHECK(experiment::result_bytes(given.tables, 24, 200) == 5.0 * 24 * 200 * 8);
  CHECK(experiment::memory_limit_bytes() > 1e8);
  CHECK(experiment::memory_text(512) == "512 bytes");
  CHECK(experiment::memory_text(1.5 * 1024 * 1024 * 1024) == "1.5 GiB");
  CHECK(experiment::memory_text(640.0 * 1024 * 1024) == "640 MiB");
}

namespace {

/// Raises a flag as it is read, and counts how often.
class InterruptingStore : public experiment::ResultStore {
 public:
  std::size_t replications() const override { return 1000; }
  void read(std::size_t /*replication*/, std::size_t /*table*/, std::size_t /*first*/,
            std::span<double> values) const override {
    raised = true;
    ++reads;
    std::ranges::fill(values, 1.0);
  }
  mutable std::atomic<bool> raised = false;
  mutable int reads = 0;
};

}  // namespace

TEST_CASE("an interruption does not wait until everything is written", "[unit]") {
  const Case given;
  const test::TemporaryFolder place;
  const InterruptingStore results;
  output::ResultFolder folder(place.path() / "run", experiment::result_file_names(given.tables));
  CHECK_THROWS_AS(experiment::write_results(folder, {&given.tables, &results, 2},
                                            std::vector<std::uint64_t>(1000), {"2024Q1", "2024Q2"},
                                            {}, &results.raised),
                  experiment::Cancelled);
  CHECK(results.reads == 1);
}

TEST_CASE("a run's folder holds a CSV for each table, the summary and the manifest", "[unit]") {
  const Case given;
  const test::TemporaryFolder place;
  output::Manifest manifest;
  manifest.replications = {0, 1, 2};
  experiment::describe_outcome(given.outcome(), manifest);
  CHECK(manifest.deals[0].formed == 2);
  CHECK(manifest.files ==
        std::vector<std::string>{"partnerships.csv", "markets.csv", "summary.csv"});

  const auto names = experiment::result_file_names(given.tables);
  SECTION("complete") {
    output::ResultFolder folder(place.path() / "run", names);
    experiment::write_results(folder, given.outcome(), {0, 1, 2}, {"2024Q1", "2024Q2"}, manifest,
                              nullptr);
    CHECK(place.names("run") == std::vector<std::string>{"manifest.json", "markets.csv",
                                                         "partnerships.csv", "summary.csv"});
    CHECK(
        place.read("run/markets.csv")
            .starts_with("replication,quarter,market,pricing_residual\n0,2024Q1,widgets,1e-12\n"));
  }
  SECTION("interrupted while writing") {
    const std::atomic<bool> cancelled{true};
    {
      output::ResultFolder folder(place.path() / "run", names);
      CHECK_THROWS(experiment::write_results(folder, given.outcome(), {0, 1, 2},
                                             {"2024Q1", "2024Q2"}, manifest, &cancelled));
    }
    CHECK(place.names().empty());
  }
}

// Two quarters, three markets: one without individuals, one that bounds never served, one that they
// served once.
TEST_CASE("a market in which bounds served once is one of bounds", "[unit]") {
  output::ResultTable markets;
  markets.name = "markets";
  markets.keys = {{"market", "", ""}};
  markets.series = {{"quantity", "", ""}, {"chosen_by_bounds_percent", "", ""}};
  markets.rows = {{"accounts"}, {"few"}, {"many"}};
  const std::vector<output::ResultTable> tables = {markets};
  const experiment::MemoryStore results({{{{{1, missing, 1, 0, 1, 0, 1, missing, 1, 0, 1, 0}}}},
                                         {{{{1, missing, 1, 0, 1, 0, 1, missing, 1, 0, 1, 99}}}}});
  const auto paths = experiment::choice_paths({&tables, &results, 2});
  REQUIRE(paths.size() == 2);
  CHECK(paths[0].market == "few");
  CHECK(paths[0].path == "all weights");
  CHECK(paths[1].market == "many");
  CHECK(paths[1].path == "bounds");
  CHECK(experiment::choice_paths(Case().outcome()).empty());
}
