#include "tests/golden/csv_comparison.hpp"

#include "tests/catch.hpp"

using entente::test::compare_csv;
using Lines = std::vector<std::string>;

namespace {

const std::string golden =
    "replication,quarter,market,price,quantity\n"
    "0,2024Q1,widget,1000,0\n"
    "0,2024Q2,\"widget, large\",0.001,\n";

std::string with(const std::string& cell, const std::string& other) {
  std::string text = golden;
  return text.replace(text.find(cell), cell.size(), other);
}

}  // namespace

TEST_CASE("noise in the last digits is no difference, a moved figure is", "[golden]") {
  CHECK(compare_csv(golden, golden, 3).empty());
  CHECK(compare_csv(golden, with(",1000,", ",1000.0000009,"), 3).empty());
  CHECK(compare_csv(golden, with(",1000,", ",1000.000002,"), 3) ==
        Lines{"0,2024Q1,widget: price: golden 1000, now 1000.000002"});
  CHECK(compare_csv(golden, with(",0\n", ",9e-11\n"), 3).empty());
  CHECK(compare_csv(golden, with(",0\n", ",2e-10\n"), 3).size() == 1);
  CHECK(compare_csv(golden, with("0.001,", "-0.001,"), 3).size() == 1);
}

TEST_CASE("an empty cell equals an empty cell alone", "[golden]") {
  CHECK(compare_csv(golden, with("0.001,\n", "0.001,0\n"), 3) ==
        Lines{"0,2024Q2,widget, large: quantity: golden an empty cell, now 0"});
  CHECK(compare_csv(golden, with(",0\n", ",\n"), 3).size() == 1);
  CHECK(compare_csv(golden, with(",0\n", ",nan\n"), 3).size() == 1);
}

TEST_CASE("rows and columns are compared exactly", "[golden]") {
  CHECK(compare_csv(golden, with("price", "cost"), 3) ==
        Lines{"columns: golden replication,quarter,market,price,quantity; now "
              "replication,quarter,market,cost,quantity"});
  CHECK(compare_csv(golden, with("2024Q2", "2024Q3"), 3) ==
        Lines{"row 2: golden 0,2024Q2,widget, large, now 0,2024Q3,widget, large"});
  CHECK(compare_csv(golden, golden + "0,2024Q3,widget,1,1\n", 3) == Lines{"rows: golden 2, now 3"});
  CHECK(compare_csv(golden, with(",0\n", "\n"), 3).size() == 1);
  CHECK(compare_csv("", golden, 3) == Lines{"no header"});
}
