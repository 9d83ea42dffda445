#include "engine/experiment/comparison/table_difference.hpp"

#include <cmath>
#include <limits>

#include "tests/catch.hpp"

using namespace entente;
using namespace entente::experiment;
using Names = std::vector<std::string>;

namespace {

TableDifference compare(const std::string& base, const std::string& other,
                        const Tolerances& tolerances = {}) {
  scenario::Faults faults;
  const auto left = read_table("base.csv", base, faults);
  const auto right = read_table("other.csv", other, faults);
  REQUIRE(faults.empty());
  return compare_tables(left, right, {"t"}, tolerances);
}

}  // namespace

TEST_CASE("rows and columns are matched by name, numbers by value", "[unit]") {
  const auto same = compare("t,x,y\n0,1,a\n1,2,b\n", "y,t,x\nb,1,2.0\na,0,1e0\n");
  CHECK_FALSE(same.differs());
  CHECK(same.equal.size() == 4);
}

TEST_CASE("what differs comes by its size, texts first", "[unit]") {
  const auto found = compare("t,x,y\n0,100,a\n1,2,b\n", "t,x,y\n0,101,a\n1,3,c\n");
  REQUIRE(found.changed.size() == 3);
  CHECK(found.changed[0].column == "y");
  CHECK(std::isnan(found.changed[0].difference));
  CHECK(found.changed[1].keys == Names{"1"});
  CHECK(found.changed[1].difference == 1.0);
  CHECK(found.changed[1].size == Approx(1.0 / 3.0));
  CHECK(found.changed[2].keys == Names{"0"});
  CHECK(found.equal.size() == 1);
}

TEST_CASE("rows and columns of one side are told", "[unit]") {
  const auto found = compare("t,x\n0,1\n1,2\n", "t,y\n1,2\n2,2\n");
  CHECK(found.rows_only_base == std::vector<Names>{{"0"}});
  CHECK(found.rows_only_other == std::vector<Names>{{"2"}});
  CHECK(found.columns_only_base == Names{"x"});
  CHECK(found.columns_only_other == Names{"y"});
  CHECK(found.changed.empty());
  CHECK(found.differs());
}

TEST_CASE("a row of one side alone is a difference", "[unit]") {
  CHECK(compare("t,x\n0,1\n", "t,x\n0,1\n1,2\n").differs());
  CHECK(compare("t,x\n0,1\n1,2\n", "t,x\n0,1\n").differs());
  CHECK(compare("t,x\n0,1\n", "t,x,y\n0,1,2\n").differs());
  CHECK(compare("t,x,y\n0,1,2\n", "t,x\n0,1\n").differs());
}

TEST_CASE("a relative tolerance is of the larger number, on either side", "[unit]") {
  const CellTolerance tolerance{0.0, 0.1};
  CHECK(tolerance.allows(100.0, 110.5));
  CHECK(tolerance.allows(110.5, 100.0));
  CHECK_FALSE(tolerance.allows(100.0, 112.0));
  CHECK(tolerance.allows(-100.0, -110.5));
}

TEST_CASE("a column may have an equals sign in its name", "[unit]") {
  scenario::Faults faults;
  const auto tolerances = read_tolerances({"a=b=0.5"}, {}, {"t", "a=b"}, faults);
  CHECK(faults.empty());
  CHECK(tolerances.of("a=b").absolute == 0.5);
}

TEST_CASE("a tolerance is of its column", "[unit]") {
  scenario::Faults faults;
  const Names columns = {"t", "x", "y"};
  const auto tolerances = read_tolerances({"x=0.5", "y=0,0.1"}, {}, columns, faults);
  REQUIRE(faults.empty());
  const std::string base = "t,x,y\n0,10,10\n";
  CHECK_FALSE(compare(base, "t,x,y\n0,10.5,11\n", tolerances).differs());
  CHECK(compare(base, "t,x,y\n0,10.6,10\n", tolerances).differs());
  CHECK(compare(base, "t,x,y\n0,10,11.2\n", tolerances).differs());
  CHECK_FALSE(
      compare(base, "t,x,y\n0,1,9\n", read_tolerances({"*=9"}, {}, columns, faults)).differs());
}

TEST_CASE("tolerances that cannot be are faults", "[unit]") {
  scenario::Faults faults;
  read_tolerances({"price", "price=-1", "price=1,x", "prise=1"}, {}, {"price"}, faults);
  REQUIRE(faults.size() == 4);
  CHECK(faults[3].hint == "did you mean 'price'?");
}

TEST_CASE("an infinity is near nothing but itself", "[unit]") {
  constexpr double infinity = std::numeric_limits<double>::infinity();
  const CellTolerance wide{1.0, 1.0};
  CHECK(wide.allows(infinity, infinity));
  CHECK_FALSE(wide.allows(infinity, -infinity));
  CHECK_FALSE(wide.allows(infinity, 1.0));
  CHECK_FALSE(wide.allows(std::nan(""), 1.0));
  CHECK(wide.allows(std::nan(""), std::nan("")));
}
