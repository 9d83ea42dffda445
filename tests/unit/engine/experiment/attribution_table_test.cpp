#include "engine/experiment/attribution_table.hpp"

#include <cmath>

#include "tests/catch.hpp"

using namespace entente;
using entente::test::contains;

namespace {

const std::string header = "table,entity,series,step,deal,mean,standard_error,low,high\n";
const std::string figure = "firms,alpha,profit_usd_bn,";

std::string only_fault(const std::string& text) {
  scenario::Faults faults;
  experiment::read_attributions("a.csv", text, faults);
  REQUIRE(faults.size() == 1);
  return to_text(faults.front());
}

}  // namespace

TEST_CASE("an attribution is read figure by figure", "[unit]") {
  scenario::Faults faults;
  const auto read = experiment::read_attributions(
      "a.csv",
      header + figure + "without,,10,,,\n" + figure + "deal,one,2,0.5,1,3\n" + figure +
          "deal,two,-5,1,-7,-3\n" + figure + "with,,7,,,\nmarkets,m,hhi,without,,1,,,\n" +
          "markets,m,hhi,with,,1,,,\n",
      faults);
  CHECK(faults.empty());
  REQUIRE(read.size() == 2);
  CHECK(read[0].entity == "alpha");
  CHECK(read[0].without.mean == 10.0);
  CHECK(std::isnan(read[0].without.low));
  CHECK(read[0].with.mean == 7.0);
  REQUIRE(read[0].deals.size() == 2);
  CHECK(read[0].deals[1].deal == "two");
  CHECK(read[0].deals[1].estimate.mean == -5.0);
  CHECK(read[0].deals[1].estimate.low == -7.0);
  CHECK(read[0].deals[1].estimate.high == -3.0);
  CHECK(read[1].table == "markets");
}

TEST_CASE("an attribution that does not hold together is a fault with its place", "[unit]") {
  const std::string without = header + figure + "without,,10,,,\n";
  const std::string with = figure + "with,,12,,,\n";
  CHECK_THAT(only_fault(without + figure + "deal,one,3,,,\n" + with),
             contains("a.csv:2") && contains("do not add up") && contains("13"));
  CHECK_THAT(only_fault(without), contains("needs a row"));
  CHECK_THAT(only_fault("table,entity,series,step,deal,mean,low,high\nx,x,x,x,x,1,1,1\n"),
             contains("a.csv:1") && contains("has no column 'standard_error'"));
  CHECK_THAT(only_fault(header), contains("holds no attribution"));
  CHECK_THAT(only_fault(without + figure + "deal,one,2,,3,4\n" + figure + "deal,two,2,,,\n" + with),
             contains("a.csv:3") && contains("outside its interval"));
  CHECK_THAT(only_fault(without + figure + "deal,one,2,,,\n" + with + figure + "step,one,2,,,\n"),
             contains("a.csv:5") && contains("is no step"));
  CHECK_THAT(only_fault(without + figure + "deal,one,1,,,\n" + figure + "deal,one,1,,,\n" + with),
             contains("a.csv:4") && contains("earlier row"));
  CHECK_THAT(only_fault(without + figure + "deal,one,2,,,\n" + with + with),
             contains("a.csv:5") && contains("earlier row"));
  CHECK_THAT(only_fault(without + figure + "deal,one,2,,,\n" + with + figure + "deal,,0,,,\n"),
             contains("names no deal"));
}
