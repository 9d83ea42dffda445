#include "engine/output/csv.hpp"

#include <charconv>
#include <cmath>
#include <limits>
#include <random>
#include <stdexcept>

#include "tests/catch.hpp"

using namespace entente::output;

namespace {

const double missing = std::numeric_limits<double>::quiet_NaN();

ResultTable widgets() {
  ResultTable table;
  table.name = "products";
  table.keys = {{"market", "text", ""}, {"product", "text", ""}};
  table.series = {{"price_usd", "USD", ""}, {"quantity", "units", ""}};
  table.rows = {{"widgets", "alpha"}, {"widgets", "beta, large"}};
  return table;
}

std::string written(const ResultTable& table, const std::vector<std::string>& quarters,
                    const std::vector<ReplicationValues>& values) {
  std::string text;
  write_csv(table, quarters, values, [&](std::string_view piece) { text += piece; });
  return text;
}

}  // namespace

TEST_CASE("csv fields are quoted only where RFC 4180 asks for it", "[unit]") {
  CHECK(csv_field("plain text") == "plain text");
  CHECK(csv_field("") == "");
  CHECK(csv_field("a,b") == "\"a,b\"");
  CHECK(csv_field("say \"so\"") == "\"say \"\"so\"\"\"");
  CHECK(csv_field("two\nlines") == "\"two\nlines\"");
}

TEST_CASE("csv numbers are short and read back as the same number", "[unit]") {
  CHECK(csv_number(0.1) == "0.1");
  CHECK(csv_number(3.0) == "3");
  CHECK(csv_number(-0.0) == "0");
  CHECK(csv_number(100000.0) == "100000");
  CHECK(csv_number(1e300) == "1e+300");
  CHECK(csv_number(-2.5e-7) == "-2.5e-07");
  CHECK(csv_number(missing).empty());
  CHECK_THROWS_AS(csv_number(std::numeric_limits<double>::infinity()), std::logic_error);

  std::mt19937_64 bits(1);
  for (int i = 0; i < 10000; ++i) {
    const double number =
        std::ldexp(static_cast<double>(bits() >> 11), static_cast<int>(bits() % 200) - 100);
    const auto text = csv_number(number);
    double read = 0.0;
    std::from_chars(text.data(), text.data() + text.size(), read);
    REQUIRE(read == number);
  }
}

TEST_CASE("a table is written by replication, quarter and entity", "[unit]") {
  const Results::TableValues first{{1.5, 10, 2, 20, 3, missing, 4, 40}};
  const Results::TableValues second{{5, 50, 6, 60, 7, 70, 8, -0.0}};
  CHECK(written(widgets(), {"2024Q1", "2024Q2"}, {{0, &first}, {7, &second}}) ==
        "replication,quarter,market,product,price_usd,quantity\n"
        "0,2024Q1,widgets,alpha,1.5,10\n"
        "0,2024Q1,widgets,\"beta, large\",2,20\n"
        "0,2024Q2,widgets,alpha,3,\n"
        "0,2024Q2,widgets,\"beta, large\",4,40\n"
        "7,2024Q1,widgets,alpha,5,50\n"
        "7,2024Q1,widgets,\"beta, large\",6,60\n"
        "7,2024Q2,widgets,alpha,7,70\n"
        "7,2024Q2,widgets,\"beta, large\",8,0\n");
}

TEST_CASE("a table without rows is its header", "[unit]") {
  auto table = widgets();
  table.rows.clear();
  const Results::TableValues none;
  CHECK(written(table, {"2024Q1"}, {{0, &none}}) ==
        "replication,quarter,market,product,price_usd,quantity\n");
}

TEST_CASE("values that cannot be a result are programming mistakes", "[unit]") {
  const Results::TableValues short_of_one{{1, 2, 3}};
  CHECK_THROWS_AS(written(widgets(), {"2024Q1"}, {{0, &short_of_one}}), std::logic_error);
  const Results::TableValues infinite{{1, 2, std::numeric_limits<double>::infinity(), 4}};
  CHECK_THROWS_WITH(written(widgets(), {"2024Q1"}, {{3, &infinite}}),
                    entente::test::contains("products.price_usd") &&
                        entente::test::contains("2024Q1, replication 3"));
}
