#include "engine/report/html/overlay.hpp"

#include "engine/report/html/chart_data.hpp"
#include "tests/catch.hpp"
#include "tests/unit/engine/report/html/sample_values.hpp"

using namespace entente;
using entente::test::contains;
using report::ReportedRun;
using test::run_with;

namespace {

using Replications = std::vector<std::uint64_t>;

/// A run whose pact is in force in some of its four histories.
ReportedRun run_of_pact(const std::string& title, const std::vector<double>& in_force) {
  ReportedRun run = run_with(title, 3.5, 0.0);
  run.tables.push_back(
      {"partnerships", {{"active", "", ""}}, {0, 1, 2, 3}, {"2024Q1"}, {"pact"}, {}, {}});
  test::fill(run.tables.back(), in_force);
  return run;
}

std::vector<ReportedRun> labelled(std::vector<ReportedRun> runs) {
  report::label_runs(runs);
  return runs;
}

}  // namespace

TEST_CASE("runs are called by their titles, with the folder where titles are the same", "[unit]") {
  auto runs = labelled({run_with("Deal", 1.0, 0.0), run_with("Base", 1.0, 0.0)});
  CHECK(runs[0].label == "Deal");
  runs.push_back(runs[0]);
  runs[2].name = "results/again";
  report::label_runs(runs);
  CHECK(runs[0].label == "Deal (runs/Deal)");
  CHECK(runs[1].label == "Base");
  CHECK(runs[2].label == "Deal (results/again)");
}

TEST_CASE("the base is the first side, each other run a contrast against it", "[unit]") {
  const auto runs = labelled(
      {run_with("Base", 2.0, 0.0), run_with("Deal", 3.5, 0.0), run_with("Pact", 1.5, 0.0)});
  const auto overlay = report::make_overlay(runs);
  REQUIRE(overlay.sides.size() == 3);
  CHECK(overlay.sides[0].label == "Base");
  CHECK(overlay.sides[2].label == "Pact");
  REQUIRE(overlay.contrasts.size() == 2);
  CHECK(overlay.contrasts[1].with.run == &runs[2]);
  CHECK(overlay.contrasts[1].without->run == &runs[0]);
  CHECK_THAT(overlay.contrasts[1].words, contains("“Base”"));
}

TEST_CASE("one run against a base without deals is with and without them", "[unit]") {
  const auto runs = labelled({run_with("Base", 2.0, 0.0), run_of_pact("Deal", {0, 1, 1, 0})});
  const auto overlay = report::make_overlay(runs);
  CHECK(overlay.sides[0].label == "without the deals");
  CHECK(overlay.sides[1].label == "with the deals");
  CHECK(overlay.sides[0].replications == Replications{1, 2});
  CHECK(overlay.words.empty());
}

TEST_CASE("a base whose deals form is called by its title, and the order is told", "[unit]") {
  const auto runs = labelled({run_of_pact("Deal", {0, 1, 1, 0}), run_with("Base", 2.0, 0.0)});
  const auto overlay = report::make_overlay(runs);
  CHECK(overlay.sides[0].label == "Deal");
  CHECK(overlay.sides[1].label == "Base");
  CHECK_THAT(overlay.contrasts[0].words, contains("formed in 2 histories of “Deal”") &&
                                             contains("name the run without the deals first"));
}

TEST_CASE("deals that form in different histories are drawn over all of them", "[unit]") {
  const auto base = run_with("Base", 2.0, 0.0);
  const auto apart =
      labelled({base, run_of_pact("Deal", {0, 1, 1, 0}), run_of_pact("Pact", {1, 1, 0, 0})});
  const auto all = report::make_overlay(apart);
  for (const auto& side : all.sides)
    CHECK(side.replications == Replications{0, 1, 2, 3});
  CHECK(all.contrasts[1].with.replications == Replications{0, 1});
  CHECK_THAT(all.words, contains("different histories"));

  const auto alike =
      labelled({base, run_of_pact("Deal", {0, 1, 1, 0}), run_of_pact("Pact", {0, 1, 1, 0})});
  const auto formed = report::make_overlay(alike);
  for (const auto& side : formed.sides)
    CHECK(side.replications == Replications{1, 2});
  CHECK(formed.words.empty());
}

TEST_CASE("a single run is drawn as it is when there is nothing without its deals", "[unit]") {
  const auto runs = labelled({run_of_pact("Deal", {1, 1, 1, 1})});
  const auto overlay = report::make_overlay(runs);
  REQUIRE(overlay.sides.size() == 1);
  CHECK(overlay.sides[0].replications == Replications{0, 1, 2, 3});
}

TEST_CASE("the charts have each side's own quantiles in the order of the sides", "[unit]") {
  const auto runs = labelled({run_with("Base", 2.0, 0.0), run_with("Deal", 3.5, 10.0)});
  const auto overlay = report::make_overlay(runs);
  const auto data = report::chart_data(overlay, report::compute_changes(overlay.contrasts));
  CHECK_THAT(data, contains("\"sides\":[\"Base\",\"Deal\"]"));
  // Draws 9, 10, 10, 12 of the base, 9, 10, 12, 20 of the deal: quantiles of type 7.
  CHECK_THAT(data, contains("{\"id\":\"beta\",\"profit_usd_bn\":[{\"low\":[9.3,9.3],\"mean\":["
                            "10.25,10.25],\"high\":[11.4,11.4]},{\"low\":[9.3,9.3],\"mean\":[12.75,"
                            "12.75],\"high\":[17.6,17.6]}]}"));
  CHECK(data.find("\"id\":\"beta\"") < data.find("\"id\":\"alpha\""));  // 2.5 against 1.5
}

TEST_CASE("what one side alone has is drawn, and missing on the other", "[unit]") {
  auto runs = labelled({run_with("Base", 2.0, 0.0), run_with("Deal", 3.0, 0.0)});
  auto& firms = runs[1].tables.front();
  firms.quarters = {"2023Q4", "2024Q1"};
  firms.entities = {"alpha", "gamma"};
  const auto overlay = report::make_overlay(runs);
  const auto data = report::chart_data(overlay, {});
  CHECK_THAT(data, contains("\"quarters\":[\"2023Q4\",\"2024Q1\",\"2024Q2\"]"));
  CHECK_THAT(data, contains("\"mean\":[null,2.0,2.0]") && contains("\"mean\":[3.0,3.0,null]"));
  CHECK_THAT(data, contains("\"id\":\"beta\"") && contains("\"id\":\"gamma\""));
}
