#include "engine/report/comparison_screen.hpp"

#include <limits>

#include "tests/catch.hpp"

using namespace entente;
using entente::test::contains;
using experiment::Finding;

namespace {

constexpr double missing = std::numeric_limits<double>::quiet_NaN();

experiment::FigureDifference figure(const std::string& series, const std::string& quarter,
                                    double difference, Finding verdict) {
  experiment::FigureDifference figure;
  figure.table = "markets";
  figure.entity = "widgets";
  figure.series = series;
  figure.quarter = quarter;
  figure.verdict = verdict;
  figure.difference.base_mean = 10.0;
  figure.difference.other_mean = 10.0 + difference;
  figure.difference.mean = difference;
  figure.difference.relative = difference / 10.0;
  figure.difference.low = difference - 0.5;
  figure.difference.high = difference + 0.5;
  figure.difference.equivalence_p = missing;
  return figure;
}

/// A price that rises from the third quarter on, and a share that falls once and comes back.
experiment::NamedComparison sample() {
  experiment::NamedComparison named{"other", {}};
  named.comparison.paired = true;
  named.comparison.pairing = "9 replications, paired by shared draws";
  named.comparison.figures = {figure("price", "2024Q4", 4.0, Finding::significant),
                              figure("share", "2024Q2", -2.0, Finding::significant),
                              figure("price", "total", 6.0, Finding::significant),
                              figure("price", "2024Q3", 1.0, Finding::noise),
                              figure("share", "2024Q4", missing, Finding::noise),
                              figure("share", "2024Q3", 0.1, Finding::noise),
                              figure("price", "2024Q1", 0.0, Finding::identical),
                              figure("price", "2024Q2", 3.9, Finding::identical),
                              figure("share", "2024Q1", 0.0, Finding::identical)};
  return named;
}

}  // namespace

TEST_CASE("each series that differs has its course and its largest difference", "[unit]") {
  const auto screen = report::comparison_screen("base", {sample()}, false, {});
  CHECK_THAT(screen, contains("other against base\n"));
  // What is within the tolerances is no difference, a total is no quarter, none is a blank.
  CHECK_THAT(screen, contains(" ──▅█\n    2024Q4         10 → 14"));
  CHECK_THAT(screen, contains(" ─▁─ \n    2024Q2         10 → 8"));
  CHECK_THAT(screen, !contains("total"));
  CHECK_THAT(screen, contains("[+3.5, +4.5] p < 0.001"));
  const auto ascii = report::comparison_screen("base", {sample()}, false, {.unicode = false});
  CHECK_THAT(ascii, contains(" --+@\n    2024Q4         10 > 14"));
}

TEST_CASE("all figures stand by series and quarter", "[unit]") {
  const auto screen = report::comparison_screen("base", {sample()}, true, {});
  const auto place = [&](const std::string& text) { return screen.find(text); };
  CHECK(place("widgets price") < place("2024Q1"));
  CHECK(place("2024Q3") < place("2024Q4"));
  CHECK(place("2024Q4") < place("total"));
  CHECK(place("total") < place("widgets share"));
  CHECK(screen.rfind("2024Q4") > place("widgets share"));
}

TEST_CASE("nothing that differs is no screen", "[unit]") {
  experiment::NamedComparison same{"other", {}};
  same.comparison.figures = {figure("price", "2024Q1", 0.0, Finding::identical)};
  CHECK(report::comparison_screen("base", {same}, false, {}).empty());
  CHECK_THAT(report::comparison_screen("base", {same}, true, {}),
             contains("  widgets price\n    2024Q1 "));
}
