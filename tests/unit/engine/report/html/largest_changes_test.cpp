#include "engine/report/html/largest_changes.hpp"

#include <limits>

#include "engine/report/html/chart_data.hpp"
#include "tests/catch.hpp"
#include "tests/unit/engine/report/html/sample_values.hpp"

using namespace entente;
using entente::test::contains;
using report::ReportedRun;

namespace {

using Values = std::vector<double>;

/// One quarter of three histories.
experiment::SampleTable table(const std::string& name, const std::string& series,
                              const std::vector<std::string>& entities, const Values& values) {
  experiment::SampleTable made{name, {{series, "", ""}}, {0, 1, 2}, {"2024Q1"}, entities, {}, {}};
  test::fill(made, values);
  return made;
}

std::vector<report::Change> changes_of(const ReportedRun& base, const ReportedRun& run) {
  return report::compute_changes({report::make_contrast(run, &base)}).front();
}

}  // namespace

TEST_CASE("changes come by kind, the largest of a kind first, named by product and market",
          "[unit]") {
  ReportedRun base;
  base.tables = {table("firms", "profit_usd_bn", {"alpha"}, {1.0, 1.0, 1.0}),
                 table("products", "share_percent", {"m/p/alpha", "m/q/beta"}, Values(6, 10.0))};
  ReportedRun run = base;
  test::fill(run.tables[0], {9.0, 9.0, 9.0});
  test::fill(run.tables[1], {11.0, 11.0, 11.0, 7.0, 7.0, 7.0});
  const auto changes = changes_of(base, run);
  REQUIRE(changes.size() == 3);
  CHECK(changes[0].subject == "share of q in m");
  CHECK(changes[0].difference == -3.0);
  CHECK(changes[1].subject == "share of p in m");
  CHECK(changes[2].subject == "quarterly profit of alpha");
}

TEST_CASE("a history that lacks a value on one side is in neither mean", "[unit]") {
  ReportedRun base;
  base.tables = {table("firms", "profit_usd_bn", {"alpha"}, {1.0, 2.0, 3.0})};
  ReportedRun run = base;
  test::fill(run.tables[0], {2.0, 3.0, std::numeric_limits<double>::quiet_NaN()});
  const auto changes = changes_of(base, run);
  REQUIRE(changes.size() == 1);
  CHECK(changes[0].without == 1.5);
  CHECK(changes[0].with == 2.5);
}

TEST_CASE("what is sure alone may be chance among many", "[unit]") {
  // Differences 0.7, 1, 1.3: t = 1 / (0.3 / √3) = 5.77 with 2 degrees of freedom, p = 0.029.
  ReportedRun base;
  base.tables = {table("firms", "profit_usd_bn", {"alpha"}, Values(3, 1.0))};
  ReportedRun run = base;
  test::fill(run.tables[0], {1.7, 2.0, 2.3});
  CHECK(changes_of(base, run).at(0).certain);
  base.tables = {table("firms", "profit_usd_bn", {"alpha", "beta"}, Values(6, 1.0))};
  run = base;
  test::fill(run.tables[0], {1.7, 2.0, 2.3, 1.7, 2.0, 2.3});
  CHECK_FALSE(changes_of(base, run).at(0).certain);
}

TEST_CASE("what is sure against the base may be chance among several runs", "[unit]") {
  // Each alone has p = 0.029; Holm doubles the smaller of two.
  ReportedRun base;
  base.tables = {table("firms", "profit_usd_bn", {"alpha"}, Values(3, 1.0))};
  ReportedRun run = base;
  test::fill(run.tables[0], {1.7, 2.0, 2.3});
  const auto contrast = report::make_contrast(run, &base);
  const auto changes = report::compute_changes({contrast, contrast});
  REQUIRE(changes.size() == 2);
  CHECK(changes[1].at(0).difference == Approx(1.0));
  CHECK_FALSE(changes[0].at(0).certain);
  CHECK_FALSE(changes[1].at(0).certain);
}

TEST_CASE("a base that lacks a history is not set against it history by history", "[unit]") {
  ReportedRun base;
  base.tables = {table("firms", "profit_usd_bn", {"alpha"}, {1.0, 2.0, 3.0})};
  const ReportedRun run = base;
  base.tables[0].replications = {0, 1, 5};
  CHECK_FALSE(report::make_contrast(run, &base).paired);
}

TEST_CASE("a market has its own products, not those of one whose name it begins", "[unit]") {
  std::vector<ReportedRun> runs(1);
  runs[0].tables = {
      table("markets", "hhi", {"m/units"}, {1.0, 1.0, 1.0}),
      table("products", "share_percent", {"m/p/alpha", "m-two/q/beta"}, Values(6, 1.0))};
  const auto data = report::chart_data(report::make_overlay(runs), {});
  CHECK_THAT(data, contains("\"id\":\"p/alpha\"") && !contains("beta"));
}
