#include "engine/experiment/backtest/observed_series.hpp"

#include "tests/catch.hpp"
#include "tests/temporary_folder.hpp"
#include "tests/unit/engine/simulation/small_world.hpp"

using namespace entente;
using entente::test::contains;
using entente::test::TemporaryFolder;
using simulation::Measure;

namespace {

const std::string header = "period,market,series,entity,value,unit,source\n";

scenario::QuarterDate at(const char* text) {
  return scenario::parse_quarter(text).value();
}

/// The small world with a fringe seller of gadgets.
const simulation::Economy& economy() {
  static const auto world = test::build_small("[[product]]\nid = \"gadget-gamma\"\nfringe = 5\n");
  return *world.economy;
}

experiment::ObservedResult read(const TemporaryFolder& folder) {
  return experiment::read_observed(folder.path(), economy(), at("2024Q1"));
}

double units(const std::string& unit, Measure measure, const std::string& market = "gadget") {
  const auto index = static_cast<std::size_t>(economy().find_market(market).value());
  return experiment::model_units_in(unit, measure, economy().markets[index]);
}

}  // namespace

TEST_CASE("observations of all files under a folder become series", "[unit]") {
  const TemporaryFolder folder;
  folder.write("b.csv", header +
                            "2024Q3,gadget,unit_share,alpha,51.5,percent,\"a, b\"\n"
                            "2024Q2,gadget,unit_share,alpha,50,%,a\n"
                            "2024Q2,gadget,units,,90,million gadgets,a\n");
  folder.write("deep/a.csv",
               "source,unit,value,entity,series,market,period\n"
               "a,thousand units,95000,,units,gadget,2024Q3\n"
               "a,percent,20,others,unit_share,gadget,2024Q2\n");
  folder.write("notes.txt", "not read");
  const auto result = read(folder);
  INFO(test::to_text(result.faults));
  REQUIRE(result.faults.empty());
  REQUIRE(result.series.size() == 3);
  CHECK(result.series[0].entity == "alpha");
  CHECK(result.series[0].values ==
        std::map<scenario::QuarterDate, double>{{at("2024Q2"), 50.0}, {at("2024Q3"), 51.5}});
  CHECK(result.series[1].entity == "others");
  CHECK(result.series[1].firm == "gamma");
  // In the unit of the first row read, that of b.csv: 95,000 thousand are 95 million.
  CHECK(result.series[2].unit == "million gadgets");
  CHECK(result.series[2].values.at(at("2024Q3")) == Approx(95.0));
}

TEST_CASE("a unit is turned into the model's, or does not fit", "[unit]") {
  CHECK(units("percent", Measure::unit_share) == 1.0);
  CHECK(units("USD bn", Measure::unit_share) == 0.0);
  CHECK(units("USD bn", Measure::revenue) == 1.0);
  CHECK(units("USD million", Measure::revenue) == 1e-3);
  CHECK(units("KRW bn", Measure::revenue) == 0.0);
  CHECK(units("million gadgets", Measure::units) == 1.0);
  CHECK(units("million units", Measure::units) == 1.0);
  CHECK(units("m", Measure::units) == 1.0);
  CHECK(units("billion", Measure::units) == 1e3);
  CHECK(units("units", Measure::units) == 1e-6);
  CHECK(units("", Measure::units) == 0.0);
  CHECK(units("million lines", Measure::units) == 0.0);
  CHECK(units("lines", Measure::lines, "plan") == 1e-6);
}

TEST_CASE("every fault of the observations is told with its line", "[unit]") {
  const TemporaryFolder folder;
  folder.write("a.csv", header +
                            "2024Q1,gadget,unit_share,alpha,50,percent,x\n"
                            "2024q2,gadgets,unit_shares,alpha,50,percent,x\n"
                            "2024Q2,gadget,unit_share,alhpa,-1,USD bn,x\n"
                            "2024Q2,gadget,line_share,alpha,50,percent,x\n"
                            "2024Q2,gadget,unit_share,,101,percent,x\n"
                            "2024Q2,plan,units,,5,million lines,x\n"
                            "2024Q2,plan,units,,6,million lines,x\n"
                            "2024Q2,guide,revenue_usd_bn,,6,USD bn,x\n"
                            "2024Q2,gadget\n");
  folder.write("b.csv", "period,market,value\n");
  folder.write("c.csv", header + "2024Q2,\"open\n");
  folder.write("d.csv", "");
  const auto result = read(folder);
  CHECK(result.series.empty());
  const std::string text = test::to_text(result.faults);
  for (const char* part :
       {"a.csv:2:1: error: the scenario was fitted to this quarter",
        "a.csv:3:1: error: not a quarter", "a.csv:3:1: error: names no market of the model",
        "did you mean 'gadget'?", "a.csv:3:1: error: names no series of the model",
        "did you mean 'unit_share'?", "a.csv:4:1: error: names no entity of the model",
        "did you mean 'alpha'?", "a.csv:4:1: error: not a number of 0 or more",
        "a.csv:4:1: error: the unit does not fit 'unit_share'",
        "a.csv:5:1: error: market 'gadget' has no series 'line_share'",
        "a.csv:6:1: error: a share needs an entity", "a.csv:6:1: error: a share above the whole",
        "a.csv:8:1: error: the same quarter of the same series is given twice",
        "a.csv:9:1: error: market 'guide' has no series 'revenue_usd_bn'",
        "a.csv:10:1: error: the row does not fit the header",
        "b.csv:1:1: error: not the columns of observations",
        "c.csv:2:1: error: a quote that is not closed", "d.csv:1:1: error: has no header"}) {
    CHECK_THAT(text, contains(part));
  }
}

TEST_CASE("a folder without observations, or none, is a fault", "[unit]") {
  const TemporaryFolder folder;
  CHECK_THAT(test::to_text(read(folder).faults), contains("holds no observations"));
  const auto none = experiment::read_observed(folder.path() / "absent", economy(), at("2024Q1"));
  CHECK_THAT(test::to_text(none.faults), contains("cannot be read"));
}
