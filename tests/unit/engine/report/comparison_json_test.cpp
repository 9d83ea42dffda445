#include "engine/report/comparison_json.hpp"

#include <nlohmann/json.hpp>

#include "tests/catch.hpp"

using namespace entente;
using namespace entente::experiment;
using nlohmann::json;

TEST_CASE("a comparison as JSON has every number under its name", "[unit]") {
  FigureDifference figure{"firms", "2024Q1", "a",  "profit", "USD bn", {},
                          0.5,     0.04,     0.03, -7,       9,        Finding::significant};
  figure.difference = {Evidence::tested, true, 3, 4, 10, 12, 2, 0.2, 1.5, 2, -1, 5, 0.02, 0.6, 8};
  RunComparison comparison;
  comparison.paired = true;
  comparison.pairing = "3 replications";
  comparison.figures = {figure, figure};
  comparison.figures[1].verdict = Finding::identical;
  comparison.absences = {{"markets", "widgets", true}, {"supply", "", false}};
  comparison.variance_reduction = 8.0;
  const auto read = [&](bool all) {
    return json::parse(report::comparison_json("base", {{"other", comparison}}, all));
  };
  const auto document = read(false);
  CHECK(document["base"] == "base");
  const auto& one = document["comparisons"][0];
  CHECK(one["other"] == "other");
  CHECK(one["differs"] == true);
  CHECK(one["paired"] == true);
  CHECK(one["counts"]["significant"] == 1);
  CHECK(one["counts"]["identical"] == 1);
  CHECK(one["counts"]["exact"] == 0);
  CHECK(one["median_variance_reduction"] == 8.0);
  CHECK(one["absences"] ==
        json::parse(R"([{"table": "markets", "what": "widgets", "only_in": "base"},
                        {"table": "supply", "what": "", "only_in": "other"}])"));
  CHECK(one["figures"] == json::parse(R"([{
    "verdict": "significant", "table": "firms", "quarter": "2024Q1", "entity": "a",
    "series": "profit", "unit": "USD bn", "base_n": 3, "other_n": 4, "base_mean": 10.0,
    "other_mean": 12.0, "difference": 2.0, "relative": 0.2, "standard_error": 1.5, "low": -1.0,
    "high": 5.0, "p_value": 0.02, "p_holm": 0.04, "p_bh": 0.03, "equivalence_p": 0.6,
    "band_low": -7.0, "band_high": 9.0, "variance_reduction": 8.0}])"));
  CHECK(read(true)["comparisons"][0]["figures"].size() == 2);
}

TEST_CASE("differences of CSVs as JSON", "[unit]") {
  TableDifference difference;
  difference.changed = {{{"2024Q1"}, "x", "1", "3", 2, 0.5}};
  difference.equal = {{{"2024Q2"}, "x", "1", "1", 0, 0}};
  difference.rows_only_base = {{"2024Q3"}};
  difference.rows_only_other = {{"2024Q4"}, {"2025Q1"}};
  difference.columns_only_base = {"y"};
  const auto read = [&](bool all) {
    return json::parse(report::table_difference_json({"a.csv", {}, {}}, {"b.csv", {}, {}},
                                                     {"quarter"}, difference, all));
  };
  CHECK(read(false) == json::parse(R"({
    "base": "a.csv", "other": "b.csv", "keys": ["quarter"], "differs": true,
    "changed_cells": [
      {"key": ["2024Q1"], "column": "x", "base": "1", "other": "3", "difference": 2.0}],
    "rows_only_base": [["2024Q3"]], "rows_only_other": [["2024Q4"], ["2025Q1"]],
    "columns_only_base": ["y"], "columns_only_other": []})"));
  CHECK(read(true)["equal_cells"].size() == 1);
}
