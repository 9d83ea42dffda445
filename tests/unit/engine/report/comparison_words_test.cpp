#include "engine/report/comparison_screen.hpp"
#include "tests/catch.hpp"

using namespace entente;
using namespace entente::experiment;
using entente::test::contains;

namespace {

FigureDifference figure(const std::string& series, Finding verdict) {
  FigureDifference figure{"firms", "2024Q1", "a",  series, "USD bn", {},
                          0.5,     0.04,     0.03, -7,     9,        verdict};
  figure.difference = {Evidence::tested, true, 3, 1, 10, 12, 2, 0.2, 1.5, 2, -1, 5, 0.02, 0.6, 8};
  return figure;
}

std::string screen(const RunComparison& comparison, bool all = false) {
  return report::comparison_screen("base", {{"other", comparison}}, all, {});
}

}  // namespace

TEST_CASE("the screen says which side lacks what, and cuts a long list", "[unit]") {
  RunComparison comparison;
  comparison.absences = {{"markets", "", true}, {"firms", "a", false}};
  CHECK_THAT(screen(comparison), contains("markets: the table is only in the base") &&
                                     contains("firms: a only in the other"));
  for (int row = 0; row < 6; ++row)
    comparison.absences.push_back({"firms", "row" + std::to_string(row), true});
  CHECK_THAT(screen(comparison), contains("firms: row3 only") && !contains("firms: row4 only") &&
                                     contains("and 2 more rows, columns or tables of one side"));
  CHECK_THAT(screen(comparison, true), contains("firms: row5 only") && !contains("more rows"));
}

TEST_CASE("a figure that exists on one side alone is shown where draws are shared", "[unit]") {
  RunComparison comparison;
  comparison.figures = {figure("sold", Finding::existence)};
  CHECK_THAT(screen(comparison), !contains("a value in"));
  comparison.paired = true;
  CHECK_THAT(screen(comparison), contains("a value in 3 and 1 replications"));
}

TEST_CASE("a figure has its relative difference, its certainty and its margin", "[unit]") {
  RunComparison comparison;
  comparison.figures = {figure("profit", Finding::significant)};
  CHECK_THAT(screen(comparison), contains("10 → 12") && contains("+20.0%") &&
                                     contains("[-1, +5] p = 0.040") &&
                                     !contains("within the margin"));
  comparison.figures.front().difference.equivalence_p = 0.05;
  comparison.figures.front().p_holm = 0.0005;
  CHECK_THAT(screen(comparison), contains("p < 0.001, within the margin"));
}

TEST_CASE("a series is shown once, by its largest difference", "[unit]") {
  RunComparison comparison;
  comparison.figures = {figure("profit", Finding::exact), figure("profit", Finding::exact)};
  comparison.figures[1].quarter = "2024Q2";
  CHECK_THAT(screen(comparison), contains("2024Q1 ") && !contains("2024Q2 "));
  CHECK_THAT(screen(comparison, true), contains("2024Q2 "));
}
