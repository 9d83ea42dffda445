#include "engine/experiment/comparison/run_comparison.hpp"

#include <algorithm>
#include <cmath>

#include "tests/catch.hpp"

using namespace entente;
using namespace entente::experiment;

namespace {

/// A run of one table with two quarters, from its CSV.
ComparedRun run_of(const std::string& name, std::uint64_t seed, const std::string& rows) {
  output::ResultTable declared;
  declared.name = "firms";
  declared.keys = {{"firm", "id", "Firm."}};
  declared.series = {{"profit", "USD bn", "Profit."}, {"share", "percent", "Share."}};
  scenario::Faults faults;
  auto table =
      read_sample_table(name, "share,firm,profit,quarter,replication\n" + rows, declared, faults);
  REQUIRE(faults.empty());
  return {name, name,      "1",
          seed, {"firms"}, [table](const auto&, auto&) -> SampleTable { return table; }};
}

const std::string base_rows =
    "10,a,1,2024Q1,0\n10,a,2,2024Q2,0\n"
    "20,a,3,2024Q1,1\n20,a,5,2024Q2,1\n";

RunComparison compare(const ComparedRun& base, const ComparedRun& other,
                      ComparisonQuestion question = {}) {
  scenario::Faults faults;
  question.tolerances = run_tolerances();
  auto comparison = compare_runs(base, other, question, faults);
  REQUIRE(faults.empty());
  return comparison;
}

const FigureDifference& figure(const RunComparison& comparison, const std::string& series,
                               const std::string& quarter) {
  const auto found = std::ranges::find_if(comparison.figures, [&](const auto& each) {
    return each.series == series && each.quarter == quarter;
  });
  REQUIRE(found != comparison.figures.end());
  return *found;
}

}  // namespace

TEST_CASE("rows and columns of a run are matched by their keys", "[unit]") {
  const auto shuffled = run_of("other", 1,
                               "20,a,5,2024Q2,1\n20,a,3,2024Q1,1\n"
                               "10,a,2,2024Q2,0\n10,a,1,2024Q1,0\n");
  const auto comparison = compare(run_of("base", 1, base_rows), shuffled);
  CHECK_FALSE(comparison.differs());
  CHECK(comparison.count(Finding::identical) == comparison.figures.size());
  CHECK(comparison.figures.size() == 5);  // two series, two quarters, a total of money
}

TEST_CASE("differences of figures and discounted totals, worked by hand", "[unit]") {
  const auto other = run_of("other", 1,
                            "11,a,1,2024Q1,0\n10,a,4,2024Q2,0\n"
                            "21,a,3,2024Q1,1\n24,a,6,2024Q2,1\n");
  ComparisonQuestion question;
  question.discount_rate = 0.0;
  const auto comparison = compare(run_of("base", 1, base_rows), other, question);
  CHECK(comparison.paired);
  const auto& exact = figure(comparison, "share", "2024Q1");
  CHECK(exact.verdict == Finding::exact);
  CHECK(exact.difference.mean == 1.0);
  CHECK(exact.band_low == 1.0);  // of no width where nothing varies
  CHECK(figure(comparison, "profit", "2024Q1").verdict == Finding::identical);
  const auto& noise = figure(comparison, "profit", "2024Q2");
  CHECK(noise.verdict == Finding::noise);
  CHECK(noise.difference.mean == 1.5);
  CHECK(noise.band_low < noise.difference.mean);
  const auto& total = figure(comparison, "profit", "total");
  CHECK(total.difference.base_mean == 5.5);
  CHECK(total.difference.mean == 1.5);
  CHECK(comparison.figures.front().verdict == Finding::exact);
  CHECK(comparison.differs_significantly());
}

TEST_CASE("runs of two seeds are not paired, and nothing in them is exact", "[unit]") {
  const auto other = run_of("other", 2,
                            "11,a,1,2024Q1,0\n10,a,2,2024Q2,0\n"
                            "21,a,3,2024Q1,1\n20,a,5,2024Q2,1\n");
  const auto comparison = compare(run_of("base", 1, base_rows), other);
  CHECK_FALSE(comparison.paired);
  CHECK(comparison.pairing == "2 and 2 replications, not paired: their seeds differ");
  CHECK(figure(comparison, "share", "2024Q1").verdict == Finding::noise);
  CHECK(std::isnan(figure(comparison, "share", "2024Q1").band_low));
  CHECK(comparison.count(Finding::exact) == 0);
  CHECK_FALSE(comparison.differs_significantly());
  CHECK(comparison.differs());
}

TEST_CASE("what only one run has is told and not compared", "[unit]") {
  const auto other = run_of("other", 1,
                            "10,a,1,2024Q1,0\n,a,2,2024Q2,0\n20,a,3,2024Q1,1\n"
                            ",a,5,2024Q2,1\n1,b,1,2024Q1,0\n");
  const auto comparison = compare(run_of("base", 1, base_rows), other);
  REQUIRE(comparison.absences.size() == 1);
  CHECK(comparison.absences.front().what == "b");
  CHECK_FALSE(comparison.absences.front().only_base);
  const auto& gone = figure(comparison, "share", "2024Q2");
  CHECK(gone.verdict == Finding::existence);
  CHECK(gone.difference.base_count == 2);
  CHECK(gone.difference.other_count == 0);
  CHECK(comparison.differs_significantly());
}

// One profit varies by v in the base and by w in the other, alone: (v + w) / Var of differences.
TEST_CASE("pairing helps where what it divides the variance by is 1.2 or more", "[unit]") {
  const auto base = run_of("base", 1, "10,a,0,2024Q1,0\n10,a,1,2024Q1,1\n");
  const auto reduction_by = [&](const std::string& first, const std::string& second) {
    return compare(
        base, run_of("other", 1, "10,a," + first + ",2024Q1,0\n10,a," + second + ",2024Q1,1\n"));
  };
  const auto helpful = reduction_by("0", "1.5");  // (0.5 + 1.125) / 0.125
  CHECK(*helpful.variance_reduction == Approx(13.0));
  CHECK(helpful.pairing_helps());
  const auto useless = reduction_by("1", "0.95");  // (0.5 + 0.00125) / 0.55125
  CHECK(*useless.variance_reduction == Approx(0.9093).epsilon(1e-4));
  CHECK_FALSE(useless.pairing_helps());
  CHECK(reduction_by("0", "0.09").pairing_helps());        // 0.50405 / 0.41405 = 1.217
  CHECK_FALSE(reduction_by("0", "0.08").pairing_helps());  // 0.5032 / 0.4232 = 1.189
  const auto unknown = reduction_by("0", "1");
  CHECK_FALSE(unknown.variance_reduction.has_value());
  CHECK(unknown.pairing_helps());
}

TEST_CASE("a margin may be a share of the base", "[unit]") {
  const auto other = run_of("other", 1,
                            "11,a,1,2024Q1,0\n10,a,2,2024Q2,0\n"
                            "21,a,3,2024Q1,1\n20,a,5,2024Q2,1\n");
  const auto base = run_of("base", 1, base_rows);
  ComparisonQuestion question;
  question.margin = Margin{0.1, true};  // 1.5
  CHECK(figure(compare(base, other, question), "share", "2024Q1").difference.equivalence_p == 0.0);
  question.margin = Margin{0.5, false};
  CHECK(figure(compare(base, other, question), "share", "2024Q1").difference.equivalence_p == 1.0);
}

TEST_CASE("a difference below what prices are solved to is none", "[unit]") {
  const auto other = run_of("other", 1,
                            "10.000000001,a,1,2024Q1,0\n10,a,2,2024Q2,0\n"
                            "20,a,3,2024Q1,1\n20.001,a,5,2024Q2,1\n");
  const auto comparison = compare(run_of("base", 1, base_rows), other);
  CHECK(figure(comparison, "share", "2024Q1").verdict == Finding::identical);
  CHECK(figure(comparison, "share", "2024Q2").verdict == Finding::noise);
}

TEST_CASE("a table of a run that is none is told with its line", "[unit]") {
  output::ResultTable declared;
  declared.name = "firms";
  declared.keys = {{"firm", "id", "Firm."}};
  const auto message = [&](const std::string& text) {
    scenario::Faults faults;
    read_sample_table("firms.csv", text, declared, faults);
    REQUIRE(faults.size() == 1);
    return std::to_string(faults.front().location.line) + " " + faults.front().message;
  };
  const std::string header = "replication,quarter,firm,profit\n";
  CHECK(message("") == "1 is empty");
  CHECK(message("replication,quarter,profit\n") == "1 has no column 'firm'");
  CHECK(message(header + "0,2024Q1,a\n") == "2 the row does not fit the header");
  CHECK(message(header + "0,2024Q1,a,much\n") == "2 'much' is no finite number");
  CHECK(message(header + "x,2024Q1,a,1\n") == "2 'x' is no replication");
  CHECK(message(header + "0,2024Q1,a,1\n0,2024Q1,a,1\n") ==
        "3 the keys of the row stand in an earlier one");
}
