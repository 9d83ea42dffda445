#include "engine/experiment/comparison/run_comparison.hpp"

#include <algorithm>
#include <cmath>

#include "engine/experiment/comparison/sample_file.hpp"
#include "tests/catch.hpp"
#include "tests/temporary_folder.hpp"

using namespace entente;
using namespace entente::experiment;

namespace {

output::ResultTable firms() {
  output::ResultTable declared;
  declared.name = "firms";
  declared.keys = {{"firm", "id", "Firm."}};
  declared.series = {{"profit", "USD bn", "Profit."}, {"share", "percent", "Share."}};
  return declared;
}

/// A run of one table, from its CSV.
ComparedRun run_of(const std::string& name, std::uint64_t seed, const std::string& rows,
                   const std::string& header = "share,firm,profit,quarter,replication\n") {
  const entente::test::TemporaryFolder place;
  place.write("firms.csv", header + rows);
  scenario::Faults faults;
  auto table =
      read_sample_table((place.path() / "firms.csv").string(), firms(), place.path(), faults);
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
  CHECK(noise.band_high - noise.difference.mean == Approx(noise.difference.mean - noise.band_low));
  CHECK(noise.size == 1.5 / 5.0);  // of the larger mean
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

TEST_CASE("significance is by Holm, for all tests together", "[unit]") {
  // Differences a − 1, a, a + 1 have t = a·√3, whose p is 1 − t / √(2 + t²).
  const auto p_value = [](double mean) {
    return 1.0 - mean * std::sqrt(3.0) / std::sqrt(2.0 + 3.0 * mean * mean);
  };
  const auto base = run_of("base", 1, "10,a,1,2024Q1,0\n10,a,1,2024Q1,1\n10,a,1,2024Q1,2\n");
  const auto near = compare(base, run_of("other", 1,
                                         "11.875,a,3.25,2024Q1,0\n12.875,a,4.25,2024Q1,1\n"
                                         "13.875,a,5.25,2024Q1,2\n"));
  CHECK(near.figures.size() == 2);  // of one quarter there is no total
  const auto& share = figure(near, "share", "2024Q1");
  CHECK(share.difference.p_value == Approx(p_value(2.875)));
  CHECK(share.p_holm == Approx(2.0 * p_value(3.25)));
  CHECK(share.p_benjamini_hochberg == Approx(p_value(2.875)));
  CHECK(share.p_benjamini_hochberg < 0.05);
  CHECK(near.count(Finding::noise) == 2);
  const auto far = compare(
      base, run_of("other", 1, "18,a,0.75,2024Q1,0\n19,a,1.5,2024Q1,1\n20,a,0.5,2024Q1,2\n"));
  CHECK(figure(far, "share", "2024Q1").verdict == Finding::significant);
  CHECK(figure(far, "profit", "2024Q1").verdict == Finding::noise);
  // Differences of constants: the base adds no variance, so pairing changes nothing.
  CHECK(far.variance_reduction == 1.0);
}

TEST_CASE("the variance reduction is that of significant figures where there are any", "[unit]") {
  const auto base = run_of("base", 1, "1,a,1,2024Q1,0\n2,a,1,2024Q1,1\n3,a,1,2024Q1,2\n");
  const auto other = run_of("other", 1, "11,a,2,2024Q1,0\n12.25,a,1,2024Q1,1\n13,a,0,2024Q1,2\n");
  const auto comparison = compare(base, other);
  REQUIRE(figure(comparison, "share", "2024Q1").verdict == Finding::significant);
  REQUIRE(figure(comparison, "profit", "2024Q1").verdict == Finding::noise);
  CHECK(comparison.variance_reduction ==
        figure(comparison, "share", "2024Q1").difference.variance_reduction);
  CHECK(figure(comparison, "profit", "2024Q1").difference.variance_reduction == 1.0);
}

TEST_CASE("a row of one run alone is a difference, and no significant one", "[unit]") {
  const auto other = run_of("other", 1, base_rows + "1,b,1,2024Q1,0\n");
  for (const bool only_base : {false, true}) {
    const auto base = run_of("base", 1, base_rows);
    const auto comparison = only_base ? compare(other, base) : compare(base, other);
    REQUIRE(comparison.absences.size() == 1);
    CHECK(comparison.absences.front().table == "firms");
    CHECK(comparison.absences.front().what == "b");
    CHECK(comparison.absences.front().only_base == only_base);
    CHECK(comparison.differs());
    CHECK_FALSE(comparison.differs_significantly());
  }
}

TEST_CASE("quarters, series and tables of one run alone are told", "[unit]") {
  auto base = run_of("base", 1, base_rows);
  auto other = run_of("other", 1, "a,1,2024Q1,0\na,3,2024Q1,1\na,4,2024Q3,1\n",
                      "firm,profit,quarter,replication\n");
  base.tables.insert(base.tables.begin(), "markets");
  other.tables.emplace_back("supply");
  const auto comparison = compare(base, other);
  std::vector<std::string> told;
  told.reserve(comparison.absences.size());
  for (const auto& absence : comparison.absences)
    told.push_back((absence.only_base ? "base " : "other ") + absence.table + " " + absence.what);
  CHECK(told == std::vector<std::string>{"other supply ", "base markets ",
                                         "base firms quarter 2024Q2", "other firms quarter 2024Q3",
                                         "base firms series share"});
  CHECK(comparison.figures.size() == 1);
}

TEST_CASE("a table without rows has no quarters to miss", "[unit]") {
  const auto comparison = compare(run_of("base", 1, base_rows), run_of("other", 1, ""));
  REQUIRE(comparison.absences.size() == 1);
  CHECK(comparison.absences.front().what == "a");
}

TEST_CASE("a value that one run lacks in some replications is told", "[unit]") {
  const std::string lacking =
      "10,a,1,2024Q1,0\n10,a,2,2024Q2,0\n"
      ",a,3,2024Q1,1\n21,a,5,2024Q2,1\n";
  const auto base = run_of("base", 1, base_rows);
  for (const bool swapped : {false, true}) {
    const auto other = run_of("other", 1, lacking);
    const auto comparison = swapped ? compare(other, base) : compare(base, other);
    const auto& some = figure(comparison, "share", "2024Q1");
    CHECK(some.verdict == Finding::existence);
    CHECK(some.difference.mean == 0.0);  // of the pair that both have
    CHECK(some.difference.base_count == (swapped ? 1U : 2U));
    CHECK(some.difference.other_count == (swapped ? 2U : 1U));
    // No band over a course with a gap.
    CHECK(figure(comparison, "share", "2024Q2").verdict == Finding::noise);
    CHECK(std::isnan(figure(comparison, "share", "2024Q2").band_low));
    CHECK(comparison.differs_significantly());
  }
  // Between runs of two seeds chance alone may do that.
  const auto unpaired = compare(base, run_of("other", 2,
                                             ",a,1,2024Q1,0\n10,a,2,2024Q2,0\n"
                                             ",a,3,2024Q1,1\n20,a,5,2024Q2,1\n"));
  CHECK(figure(unpaired, "share", "2024Q1").verdict == Finding::existence);
  CHECK_FALSE(unpaired.differs_significantly());
}

TEST_CASE("replications are paired by their numbers, and pairs need both", "[unit]") {
  const auto other = run_of("other", 1, "30,a,1,2024Q1,7\n20,a,3,2024Q1,1\n10,a,3,2024Q1,3\n");
  const auto base = run_of("base", 1, "10,a,3,2024Q1,3\n20,a,3,2024Q1,1\n11,a,1,2024Q1,2\n");
  const auto comparison = compare(base, other);
  CHECK(comparison.pairing == "2 replications, paired by shared draws");
  CHECK_FALSE(comparison.differs());
  CHECK(figure(comparison, "share", "2024Q1").difference.base_mean == 15.0);
  const auto apart = compare(base, run_of("other", 1, "10,a,3,2024Q1,8\n20,a,3,2024Q1,9\n"));
  CHECK(apart.pairing == "3 and 2 replications, not paired: no number is in both");
}

TEST_CASE("unpaired values are identical only where all are one number", "[unit]") {
  const auto base = run_of("base", 1, "10,a,3,2024Q1,0\n10,a,3,2024Q1,1\n");
  const auto other = run_of("other", 2, "10,a,3,2024Q1,0\n10,a,4,2024Q1,1\n");
  for (const bool swapped : {false, true}) {
    const auto comparison = swapped ? compare(other, base) : compare(base, other);
    CHECK(figure(comparison, "share", "2024Q1").verdict == Finding::identical);
    CHECK(figure(comparison, "profit", "2024Q1").verdict == Finding::noise);
  }
}

TEST_CASE("a share of a negative base is a margin too", "[unit]") {
  const auto base = run_of("base", 1, "-10,a,1,2024Q1,0\n-10,a,1,2024Q1,1\n");
  const auto other = run_of("other", 1, "-9,a,1,2024Q1,0\n-9,a,1,2024Q1,1\n");
  ComparisonQuestion question;
  question.margin = Margin{0.2, true};
  CHECK(figure(compare(base, other, question), "share", "2024Q1").difference.equivalence_p == 0.0);
}

TEST_CASE("a residual of prices is compared by what prices are solved to", "[unit]") {
  const std::string header = "firm,pricing_residual,quarter,replication\n";
  const auto comparison =
      compare(run_of("base", 1, "a,1e-14,2024Q1,0\na,1e-12,2024Q1,1\n", header),
              run_of("other", 1, "a,2e-11,2024Q1,0\na,1e-15,2024Q1,1\n", header));
  CHECK_FALSE(comparison.differs());
}

TEST_CASE("many replications are read some series at a time", "[unit]") {
  // So many that no more than two of the three series are read at a time.
  std::string rows;
  for (int r = 0; r < 50000; ++r)
    rows += "1,a," + std::to_string(r % 5) + ",5,2024Q1," + std::to_string(r) + "\n";
  const std::string header = "share,firm,profit,extra,quarter,replication\n";
  const auto comparison = compare(run_of("run", 1, rows, header), run_of("other", 2, rows, header));
  CHECK(comparison.figures.size() == 3);
  CHECK(figure(comparison, "share", "2024Q1").difference.base_mean == 1.0);
  CHECK(figure(comparison, "profit", "2024Q1").difference.other_mean == Approx(2.0));
  CHECK(figure(comparison, "extra", "2024Q1").difference.base_mean == 5.0);
}
