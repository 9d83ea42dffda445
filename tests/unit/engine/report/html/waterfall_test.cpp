#include "engine/report/html/waterfall.hpp"

#include <limits>

#include "engine/report/html/chart_data.hpp"
#include "tests/catch.hpp"

using namespace entente;
using entente::test::contains;

namespace {

constexpr double none = std::numeric_limits<double>::quiet_NaN();

experiment::Attribution figure(const std::string& series, double without, double one, double two) {
  return {"firms",
          "alpha",
          series,
          {without, none, none, none},
          {{"one", {one, 0.1, one - 1.0, one + 1.0}}, {"two", {two, none, none, none}}},
          {without + one + two, none, none, none}};
}

}  // namespace

TEST_CASE("the figure whose relative change is largest comes first", "[unit]") {
  const auto sorted = report::most_affected_first({figure("big", 1000.0, 5.0, 5.0),
                                                   figure("fall", 10.0, -4.0, -1.0),
                                                   figure("small", 10.0, 1.0, 1.0)});
  CHECK(sorted[0].series == "fall");
  CHECK(sorted[1].series == "small");
  CHECK(sorted[2].series == "big");
}

TEST_CASE("the sentence names the deal that adds or takes most", "[unit]") {
  CHECK(report::sentence(figure("profit", 10.0, -5.0, 2.0)) ==
        "With all deals together profit of alpha goes from 10 to 7; of the change by -3, one "
        "accounts for most: -5 (95% interval -6 to -4).");
  CHECK_THAT(report::sentence(figure("profit", 10.0, 1.0, 2.0)),
             contains("two accounts for most: +2."));
}

TEST_CASE("bars float from no change to the change by all deals", "[unit]") {
  std::vector<report::ReportedRun> runs(1);
  runs[0].attributions = {figure("profit", 10.0, -5.0, 2.0)};
  const auto data = report::chart_data(report::make_overlay(runs), {});
  CHECK_THAT(data, contains("\"from\":0.0,\"to\":0.0,\"mean\":10.0") &&
                       contains("\"from\":0.0,\"to\":-5.0,\"mean\":-5.0") &&
                       contains("\"from\":-5.0,\"to\":-3.0,\"mean\":2.0") &&
                       contains("\"from\":0.0,\"to\":-3.0,\"mean\":7.0"));
}

TEST_CASE("attributions of several runs say whose they are", "[unit]") {
  std::vector<report::ReportedRun> runs(3);
  runs[0].record.title = "Base";
  runs[1].record.title = "Deal";
  runs[2].record.title = "Pact";
  runs[1].attributions = runs[2].attributions = {figure("profit", 10.0, -5.0, 2.0)};
  report::label_runs(runs);
  const auto data = report::chart_data(report::make_overlay(runs), {});
  CHECK_THAT(data, contains("\"title\":\"alpha: profit (Deal)\"") &&
                       contains("\"title\":\"alpha: profit (Pact)\""));
}
