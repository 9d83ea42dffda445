#include "engine/report/sparkline.hpp"

#include <limits>
#include <vector>

#include "tests/catch.hpp"

using namespace entente;

namespace {

constexpr double missing = std::numeric_limits<double>::quiet_NaN();

std::string spark(const std::vector<double>& values, std::size_t cells = 24) {
  return report::sparkline(values, cells);
}

std::string difference(const std::vector<double>& values, std::size_t cells = 24) {
  return report::difference_sparkline(values, cells);
}

}  // namespace

TEST_CASE("a sparkline goes from the lowest value to the highest", "[unit]") {
  CHECK(spark({0, 1, 2, 3, 4, 5, 6, 7}) == "▁▂▃▄▅▆▇█");
  CHECK(spark({107, 100, 103.4, 103.6}) == "█▁▄▅");  // 0.486 and 0.514 of 7 steps
  CHECK(spark({-2, 5}) == "▁█");
}

TEST_CASE("a course that does not move is a flat line in the middle", "[unit]") {
  CHECK(spark({3, 3, 3}) == "▄▄▄");
  CHECK(spark({0, 0}) == "▄▄");
  CHECK(spark({100, 100.09, 100}) == "▄▄▄");
  CHECK(spark({100, 100.11, 100}) == "▁█▁");
}

TEST_CASE("a missing value is a blank and nothing is no line", "[unit]") {
  CHECK(spark({missing, 1, 2}) == " ▁█");
  CHECK(spark({1, missing, 2, std::numeric_limits<double>::infinity()}) == "▁ █ ");
  CHECK(spark({missing, missing}).empty());
  CHECK(spark({1}).empty());
  CHECK(spark({}).empty());
  CHECK(spark({1, 2}, 0).empty());
}

TEST_CASE("more values than cells are drawn by their means", "[unit]") {
  CHECK(spark({0, 2, 7, 9}, 2) == "▁█");
  // Means 1, 2 and 8 of two, one and two values that are there.
  CHECK(spark({0, 2, 2, missing, 7, 9}, 3) == "▁▂█");
  CHECK(spark({0, 1, 2, 3, 4}, 2) == "▁█");  // of two and three
}

TEST_CASE("differences rise above and fall below a line of none", "[unit]") {
  CHECK(difference({0, 1, 2, 3, 4}) == "─▅▆▇█");
  CHECK(difference({0, -1, -2, -3, -4}) == "─▄▃▂▁");
  CHECK(difference({-8, 0.9, 1.1, missing, 4}) == "▁─▅ ▆");
  CHECK(difference({0, 0}) == "──");
  CHECK(difference({1, 1, 1}) == "███");
  CHECK(difference({missing, missing}).empty());
  CHECK(difference({1}).empty());
}
