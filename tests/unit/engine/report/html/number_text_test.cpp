#include "engine/report/html/number_text.hpp"

#include <limits>

#include "tests/catch.hpp"

using namespace entente::report;

TEST_CASE("numbers are read without powers of ten", "[unit]") {
  CHECK(number_text(0.7439, 4) == "0.7439");
  CHECK(number_text(-0.0000706, 3) == "-0.0000706");
  CHECK(number_text(0.00001, 3) == "0.00001");
  CHECK(number_text(0.0000099996, 3) == "0.00001");
  CHECK(number_text(12345.6, 3) == "12300");
  CHECK(number_text(6553.0, 4) == "6553");
  CHECK(number_text(0.0, 3) == "0");
  CHECK(change_text(0.2, 3) == "+0.2");
  CHECK(change_text(-1234567.0, 3) == "-1230000");
  CHECK(change_text(std::numeric_limits<double>::quiet_NaN(), 3) == "nan");
}
