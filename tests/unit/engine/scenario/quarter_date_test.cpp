#include "engine/scenario/quarter_date.hpp"

#include "tests/catch.hpp"

using namespace entente::scenario;

TEST_CASE("a quarter reads, counts and writes", "[unit]") {
  const auto date = parse_quarter("2024Q3");
  REQUIRE(date.has_value());
  CHECK(date->index == 4 * 2024 + 2);
  CHECK(date->year() == 2024);
  CHECK(date->quarter_of_year() == 2);
  CHECK(to_text(*date + 2) == "2025Q1");
  CHECK(*parse_quarter("2025Q1") - *date == 2);
  CHECK(*date < *date + 1);
}

TEST_CASE("every quarter of the range survives writing and reading", "[unit]") {
  for (int index = 4 * 1900; index < 4 * 2201; ++index) {
    const auto read = parse_quarter(to_text(QuarterDate{index}));
    REQUIRE(read.has_value());
    CHECK(read->index == index);
  }
}

TEST_CASE("what is not a quarter is refused", "[unit]") {
  for (const char* text : {"", "2024", "2024Q0", "2024Q5", "2024q1", "24Q1", "2024Q11", " 2024Q1",
                           "1899Q4", "2201Q1", "-024Q1", "2024-1", "２０２４Q1"}) {
    CAPTURE(text);
    CHECK_FALSE(parse_quarter(text).has_value());
  }
}
