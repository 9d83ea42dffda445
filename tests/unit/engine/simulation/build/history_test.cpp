#include "engine/simulation/build/history.hpp"

#include "engine/simulation/state/measure.hpp"
#include "tests/catch.hpp"
#include "tests/unit/engine/simulation/small_world.hpp"

using namespace entente;
using entente::test::contains;
using simulation::Measure;

namespace {

std::string faults_of(const std::string& more) {
  const auto read = test::read_small(more);
  INFO(test::to_text(read.faults));
  REQUIRE(read.scenario);
  return test::to_text(simulation::build_world(*read.scenario, test::plain_models()).faults);
}

std::string history(const std::string& keys, const std::string& points) {
  return "[[history]]\nid = \"past\"\n" + keys + "points = [" + points + "]\n";
}

}  // namespace

TEST_CASE("a market has the shares that its own are, revenue where goods cost, and units",
          "[unit]") {
  CHECK(simulation::has_measure("lines", false, Measure::line_share));
  CHECK(simulation::has_measure("lines", false, Measure::unit_share));
  CHECK_FALSE(simulation::has_measure("units", false, Measure::lines));
  CHECK_FALSE(simulation::has_measure("revenue", false, Measure::compute_share));
  CHECK_FALSE(simulation::has_measure("usage", true, Measure::revenue_share));
  CHECK(simulation::find_measure("revenue_usd_bn") == Measure::revenue);
  CHECK_FALSE(simulation::find_measure("revenue"));
  CHECK(simulation::name_of(Measure::units) == "units");
}

TEST_CASE("a history of the past is accepted and moves nothing", "[unit]") {
  const std::string past =
      history("market = \"plan\"\nseries = \"unit_share\"\nentity = \"beta\"\n",
              "{ quarter = \"2024Q1\", value = 55, source = \"a list\" }, "
              "{ quarter = \"2023Q4\", value = 54 }");
  CHECK(faults_of(past).empty());
  const auto with = simulation::simulate(test::build_small(past), 0, 3);
  const auto without = simulation::simulate(test::build_small(), 0, 3);
  for (std::size_t t = 0; t < with.tables.size(); ++t) {
    REQUIRE(with.tables[t].values.size() == without.tables[t].values.size());
    for (std::size_t i = 0; i < with.tables[t].values.size(); ++i) {
      const double one = with.tables[t].values[i];
      CHECK((one == without.tables[t].values[i] || one != one));
    }
  }
}

TEST_CASE("a history that cannot be is told, all of it", "[unit]") {
  const std::string text = faults_of(
      history("market = \"plan\"\nseries = \"compute_share\"\nentity = \"alpha\"\n",
              "{ quarter = \"2024Q2\", value = 101 }, { quarter = \"2024Q2\", value = 1 }"));
  CHECK_THAT(text, contains("history.past.series") && contains("the market has no such series"));
  CHECK_THAT(text, contains("history.past.entity") && contains("sells nothing in this market"));
  CHECK_THAT(text, contains("a history ends at quarter 0") && contains("up to 2024Q1"));
  CHECK_THAT(text, contains("the quarter is given twice"));
  CHECK_THAT(text, contains("a share above the whole"));
  CHECK_THAT(faults_of(history("market = \"plan\"\nseries = \"unit_share\"\n", "")),
             contains("a share needs an entity"));
  const std::string one = "market = \"plan\"\nseries = \"units\"\n";
  CHECK_THAT(faults_of(history(one, "") + "[[history]]\nid = \"again\"\n" + one + "points = []\n"),
             contains("the series has another history"));
}
