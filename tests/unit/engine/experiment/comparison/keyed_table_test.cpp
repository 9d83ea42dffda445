#include "engine/experiment/comparison/keyed_table.hpp"

#include "tests/catch.hpp"

using namespace entente;
using namespace entente::experiment;
using Names = std::vector<std::string>;

namespace {

CsvTable table(const std::string& file, const std::string& text) {
  scenario::Faults faults;
  auto read = read_table(file, text, faults);
  REQUIRE(faults.empty());
  return read;
}

Names keys_of(const std::string& file, const std::string& text, const Names& given,
              scenario::Faults& faults) {
  return find_keys(table(file, text), table(file, text), given, faults);
}

}  // namespace

TEST_CASE("keys are the fewest leading columns that tell rows apart", "[unit]") {
  scenario::Faults faults;
  CHECK(keys_of("a.csv", "t,x\n0,1\n1,1\n", {}, faults) == Names{"t"});
  CHECK(keys_of("a.csv", "quarter,firm,price\n2024Q1,a,1\n2024Q1,b,1\n", {}, faults) ==
        Names{"quarter", "firm"});
  CHECK(keys_of("a.csv", "t,x\n0,1\n1,1\n", {"x", "t"}, faults) == Names{"x", "t"});
  CHECK(faults.empty());
}

TEST_CASE("keys tell rows apart in both files, and may be keys in both", "[unit]") {
  scenario::Faults faults;
  const auto one_firm = table("a.csv", "quarter,firm,price\n2024Q1,a,1\n");
  const auto two_firms = table("b.csv", "quarter,firm,price\n2024Q1,a,1\n2024Q1,b,1\n");
  CHECK(find_keys(one_firm, two_firms, {}, faults) == Names{"quarter", "firm"});
  CHECK(find_keys(two_firms, one_firm, {}, faults) == Names{"quarter", "firm"});
  CHECK(faults.empty());
  find_keys(one_firm, two_firms, {"quarter"}, faults);
  REQUIRE(faults.size() == 1);
  CHECK(faults.front().location.file == "b.csv");
  CHECK(faults.front().location.line == 3);
  CHECK(faults.front().message == "the keys quarter do not tell this row from that of line 2");

  const auto whole = table("a.csv", "t,x\n0,1\n1,1\n");
  const auto decimal = table("b.csv", "t,x\n0.5,1\n1,1\n");
  for (const auto& [base, other] : {std::pair{whole, decimal}, std::pair{decimal, whole}}) {
    faults.clear();
    CHECK(find_keys(base, other, {}, faults).empty());
    REQUIRE(faults.size() == 1);
    CHECK_THAT(faults.front().hint, entente::test::contains("--key"));
  }
}

TEST_CASE("result files know their keys", "[unit]") {
  scenario::Faults faults;
  CHECK(keys_of("a/firms.csv", "revenue_usd_bn,firm,quarter,replication\n1,x,2024Q1,0\n", {},
                faults) == Names{"replication", "quarter", "firm"});
  // A file of that name without those columns is anybody's.
  CHECK(keys_of("firms.csv", "firm,size\nx,1\n", {}, faults) == Names{"firm"});
  CHECK(find_keys(table("firms.csv", "firm,quarter,replication\nx,2024Q1,0\n"),
                  table("b.csv", "firm,size\nx,1\n"), {}, faults) == Names{"firm"});
  CHECK(faults.empty());
}

TEST_CASE("keys that repeat are a fault that proposes more", "[unit]") {
  scenario::Faults faults;
  keys_of("a.csv", "quarter,price,firm\n2024Q1,1.5,a\n2024Q1,1.5,b\n", {"quarter"}, faults);
  REQUIRE(faults.size() == 1);
  CHECK(faults.front().location.line == 3);
  CHECK(faults.front().hint == "try --key quarter,firm");  // a price is no name
  faults.clear();
  keys_of("a.csv", "quarter,price\n2024Q1,1.5\n2024Q1,2.5\n", {"quarter"}, faults);
  REQUIRE(faults.size() == 1);
  CHECK(faults.front().hint == "try --key quarter,price");
  faults.clear();
  keys_of("a.csv", "t,x\n0,1\n0,1\n", {}, faults);
  REQUIRE(faults.size() == 1);
  CHECK(faults.front().hint == "no columns that both files have tell their rows apart");
}

TEST_CASE("keys that are not there are a fault", "[unit]") {
  scenario::Faults faults;
  keys_of("a.csv", "quarter,x\n2024Q1,1\n", {"quartr"}, faults);
  REQUIRE(faults.size() == 2);  // one a file
  CHECK(faults.front().hint == "did you mean 'quarter'?");
  faults.clear();
  keys_of("a.csv", "x,t\n1.5,0\n", {}, faults);
  REQUIRE(faults.size() == 1);
  CHECK(faults.front().hint == "name the columns that tell rows apart with --key");
}

TEST_CASE("what is no table is told with its line", "[unit]") {
  scenario::Faults faults;
  read_table("a.csv", "", faults);
  read_table("a.csv", "a,a\n1,2\n", faults);
  read_table("a.csv", "a,b\n1,2\n1\n", faults);
  read_table("a.csv", "a,b\n1,\"2\n", faults);
  REQUIRE(faults.size() == 4);
  CHECK(faults[0].message == "is empty");
  CHECK(faults[1].message == "the column 'a' stands twice in the header");
  CHECK(faults[2].location.line == 3);
  CHECK(faults[3].message == "is no CSV: a quote that is not closed");
}

TEST_CASE("numbers of cells", "[unit]") {
  CHECK(cell_number("+1.5e2") == 150.0);
  CHECK(cell_number("NaN").has_value());
  CHECK(cell_number("-inf").has_value());
  CHECK_FALSE(cell_number("").has_value());
  CHECK_FALSE(cell_number("+-5").has_value());
  CHECK_FALSE(cell_number("2024Q1").has_value());
  CHECK_FALSE(cell_number("1 ").has_value());
}
