#include "engine/experiment/precision/precision_goal.hpp"

#include <cmath>
#include <limits>

#include "tests/catch.hpp"

using namespace entente;
using namespace entente::experiment;
using test::contains;

namespace {

const double missing = std::numeric_limits<double>::quiet_NaN();

output::ResultTable table(const std::string& name, const std::vector<std::string>& series,
                          std::size_t rows) {
  output::ResultTable made;
  made.name = name;
  made.keys = {{"key", "", ""}};
  for (const auto& column : series)
    made.series.push_back({column, "", ""});
  for (std::size_t i = 0; i < rows; ++i)
    made.rows.push_back({"row" + std::to_string(i)});
  return made;
}

const std::vector<output::ResultTable> tables = {
    table("deals", {"active"}, 0),
    table("markets", {"quantity", "revenue_usd_bn", "price_index", "hhi"}, 2)};

std::vector<PreciseSeries> read(const std::vector<std::string>& texts, scenario::Faults& faults) {
  return read_precise_series(texts, {0.05, true}, tables, faults);
}

}  // namespace

TEST_CASE("a precision is in percent of the mean or in the unit of the series", "[unit]") {
  CHECK(read_precision("5%")->size == 0.05);
  CHECK(read_precision("5%")->relative);
  CHECK(read_precision("0.5")->size == 0.5);
  CHECK_FALSE(read_precision("0.5")->relative);
  for (const auto* const wrong : {"", "%", "0", "0%", "-3", "-3%", "inf", "nan", "5%%", "five"})
    CHECK_FALSE(read_precision(wrong));
}

TEST_CASE("the usual series are revenue, price index and concentration", "[unit]") {
  scenario::Faults faults;
  const auto series = read({}, faults);
  REQUIRE(faults.empty());
  REQUIRE(series.size() == 3);
  for (std::size_t i = 0; i < 3; ++i) {
    CHECK(series[i].table == 1);
    CHECK(series[i].series == i + 1);
    CHECK(series[i].precision.size == 0.05);
  }
}

TEST_CASE("series are chosen by name, some with a precision of their own", "[unit]") {
  scenario::Faults faults;
  const auto series = read({"markets.hhi=50", "markets.quantity"}, faults);
  REQUIRE(faults.empty());
  REQUIRE(series.size() == 2);
  CHECK(series[0].series == 3);
  CHECK(series[0].precision.size == 50.0);
  CHECK_FALSE(series[0].precision.relative);
  CHECK(series[1].series == 0);
  CHECK(series[1].precision.relative);
}

TEST_CASE("series that are not there, or not asked for rightly, are faults", "[unit]") {
  scenario::Faults faults;
  CHECK(read({"markets.hhy", "deals.active", "markets.hhi=0%", "markets.hhi"}, faults).size() == 1);
  REQUIRE(faults.size() == 3);
  CHECK_THAT(faults[0].hint, contains("markets.hhi"));
  CHECK_THAT(faults[1].message, contains("has no rows"));
  CHECK_THAT(faults[2].message, contains("is no half width"));
  faults.clear();
  read({"markets.hhi", "markets.hhi=2%"}, faults);
  REQUIRE(faults.size() == 1);
  CHECK_THAT(faults[0].message, contains("named twice"));
}

TEST_CASE("values are those of every row in the last quarter", "[unit]") {
  PrecisionGoal goal;
  goal.series = {{1, 3, {}}, {1, 0, {}}};
  // Two quarters of two rows of four columns.
  const MemoryStore results(
      {{{{{}}, {{1, 2, 3, 4, 5, 6, 7, 8, 11, 12, 13, 14, 15, 16, 17, 18}}}},
       {{{{}}, {{1, 2, 3, 4, 5, 6, 7, 8, 21, 22, 23, missing, 25, 26, 27, 28}}}}});
  const Outcome outcome{&tables, &results, 2};
  CHECK(precise_values(goal, outcome, 0) == std::vector<double>{14, 18, 11, 15});
  const auto second = precise_values(goal, outcome, 1);
  CHECK(std::isnan(second[0]));
  CHECK(second[3] == 25);
  const auto means = precise_means(goal, tables);
  REQUIRE(means.size() == 4);
  CHECK(means[1].column == 0);
  CHECK(means[1].entity == 1);
  CHECK(means[2].column == 1);
  CHECK(means[2].entity == 0);
}
