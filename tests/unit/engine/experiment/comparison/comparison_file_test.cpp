#include "engine/experiment/comparison/comparison_file.hpp"

#include <map>

#include "engine/output/csv_reader.hpp"
#include "tests/catch.hpp"

using namespace entente;
using namespace entente::experiment;
using Row = std::map<std::string, std::string>;

namespace {

std::vector<Row> rows_of(const std::string& text) {
  const auto csv = output::read_csv(text);
  REQUIRE(csv.flaw.empty());
  std::vector<Row> rows;
  for (std::size_t r = 1; r < csv.records.size(); ++r) {
    Row row;
    for (std::size_t c = 0; c < csv.records[r].fields.size(); ++c)
      row[csv.records[0].fields.at(c)] = csv.records[r].fields[c];
    rows.push_back(row);
  }
  return rows;
}

/// Every number another, as columns may be taken for one another.
FigureDifference figure() {
  FigureDifference figure{"firms", "2024Q1", "a,b", "profit", "USD bn", {},
                          0.5,     0.04,     0.03,  -7,       9,        Finding::significant};
  figure.difference = {Evidence::tested, true, 3, 4, 10, 12, 2, 0.2, 1.5, 2, -1, 5, 0.02, 0.6, 8};
  return figure;
}

std::vector<Row> written(const RunComparison& comparison, bool all) {
  std::string text;
  write_comparison({{"other.toml", comparison}}, all, [&](auto piece) { text += piece; });
  return rows_of(text);
}

}  // namespace

TEST_CASE("every number of a figure stands in its column", "[unit]") {
  RunComparison comparison;
  comparison.figures = {figure()};
  const auto rows = written(comparison, false);
  REQUIRE(rows.size() == 1);
  CHECK(rows[0] == Row{{"other", "other.toml"},
                       {"verdict", "significant"},
                       {"table", "firms"},
                       {"quarter", "2024Q1"},
                       {"entity", "a,b"},
                       {"series", "profit"},
                       {"unit", "USD bn"},
                       {"base_n", "3"},
                       {"other_n", "4"},
                       {"base_mean", "10"},
                       {"other_mean", "12"},
                       {"difference", "2"},
                       {"relative", "0.2"},
                       {"standard_error", "1.5"},
                       {"low", "-1"},
                       {"high", "5"},
                       {"p_value", "0.02"},
                       {"p_holm", "0.04"},
                       {"p_bh", "0.03"},
                       {"equivalence_p", "0.6"},
                       {"band_low", "-7"},
                       {"band_high", "9"},
                       {"variance_reduction", "8"}});
}

TEST_CASE("what is equal is written when all is asked for", "[unit]") {
  RunComparison comparison;
  comparison.figures = {figure(), figure()};
  comparison.figures[1].verdict = Finding::identical;
  CHECK(written(comparison, false).size() == 1);
  const auto all = written(comparison, true);
  REQUIRE(all.size() == 2);
  CHECK(all[1].at("verdict") == "identical");
}

TEST_CASE("what one run alone has is a row without numbers", "[unit]") {
  RunComparison comparison;
  comparison.absences = {{"firms", "a", true}, {"markets", "", false}};
  const auto rows = written(comparison, false);
  REQUIRE(rows.size() == 2);
  CHECK(rows[0].at("verdict") == "only in base");
  CHECK(rows[0].at("table") == "firms");
  CHECK(rows[0].at("entity") == "a");
  CHECK(rows[0].at("difference").empty());
  CHECK(rows[1].at("verdict") == "only in other");
}

TEST_CASE("differences of two CSVs have a row each", "[unit]") {
  TableDifference difference;
  difference.changed = {{{"2024Q1"}, "x", "1", "3", 2, 0.5}};
  difference.equal = {{{"2024Q2"}, "x", "1", "1", 0, 0}};
  difference.rows_only_base = {{"2024Q3"}};
  difference.rows_only_other = {{"2024Q4"}};
  difference.columns_only_base = {"y"};
  difference.columns_only_other = {"z"};
  const auto text = [&](bool all) {
    std::string whole;
    write_table_difference(difference, {"quarter"}, all, [&](auto piece) { whole += piece; });
    return whole;
  };
  const std::string differs =
      "change,quarter,column,base,other,difference\n"
      "column only in base,,y,,,\ncolumn only in other,,z,,,\n"
      "row only in base,2024Q3,,,,\nrow only in other,2024Q4,,,,\n"
      "changed,2024Q1,x,1,3,2\n";
  CHECK(text(false) == differs);
  CHECK(text(true) == differs + "equal,2024Q2,x,1,1,0\n");
}
