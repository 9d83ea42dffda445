#include <filesystem>
#include <sstream>

#include "tests/catch.hpp"
#include "tests/cli/program.hpp"
#include "tests/temporary_folder.hpp"

using namespace entente::test;
using Words = std::vector<std::string>;

namespace fs = std::filesystem;

namespace {

const std::string baseline = shipped("baseline.toml");

// Two sellers of a durable whose base, buyers and costs stay: every quarter is quarter 0. A deal
// starts in the last quarter of the scenario's own horizon.
const std::string still_scenario = R"(title = "Still"
[run]
quarters = 3
replications = 3
[[firm]]
id = "alpha"
name = "Alpha"
[[firm]]
id = "beta"
name = "Beta"
[[market]]
id = "still"
name = "Still"
model = "appliances"
demand = "durable"
unit = "million things"
units_per_quantity = 1e6
size = 100
own_elasticity = -3
own_elasticity_of = "still-alpha"
turnover = 0.1
[[product]]
id = "still-alpha"
market = "still"
firm = "alpha"
share = 60
price = 10
[[product]]
id = "still-beta"
market = "still"
firm = "beta"
share = 40
price = 10
)";

const std::string header = "period,market,series,entity,value,unit,source\n";

const std::string observations = header +
                                 "2024Q2,still,unit_share,alpha,63,percent,x\n"
                                 "2024Q3,still,unit_share,alpha,60,percent,x\n"
                                 "2024Q2,still,units,,100.2,million things,x\n"
                                 "2024Q2,still,revenue_usd_bn,,2,USD bn,x\n";

Ended backtest(const TemporaryFolder& place, const std::string& folder, const Words& more = {}) {
  Words words = {"backtest", "still.toml", "--observed", "seen", "-o", folder};
  words.insert(words.end(), more.begin(), more.end());
  return run_program(place.path(), words);
}

/// The cells of each line below the header.
std::vector<Words> rows(const std::string& csv) {
  std::vector<Words> all;
  std::istringstream lines(csv);
  std::string line;
  std::getline(lines, line);
  while (std::getline(lines, line)) {
    std::istringstream cells(line);
    all.emplace_back();
    for (std::string cell; std::getline(cells, cell, ',');)
      all.back().push_back(cell);
  }
  return all;
}

}  // namespace

TEST_CASE("a world that stands still forecasts as persistence does", "[cli]") {
  const TemporaryFolder place;
  place.write("still.toml", still_scenario);
  place.write("seen/a.csv", observations);
  const auto ended = backtest(place, "out");
  INFO(ended.err);
  REQUIRE(ended.code == 0);
  CHECK(ended.out == "out\n");
  CHECK_THAT(ended.err, contains("Back-test, out of sample; 3 replications") &&
                            contains("still unit_share alpha"));
  CHECK(place.names("out") ==
        Words{"backtest.csv", "branches.csv", "forecasts.csv", "manifest.json"});
  const auto scored = rows(place.read("out/backtest.csv"));
  REQUIRE(scored.size() == 3);
  // 1 bn USD is sold, 2 were seen; shares miss by 3 and 0; 0.2 of 100.2 is within rounding.
  CHECK(scored[0][1] == "revenue_usd_bn");
  CHECK(std::stod(scored[0][5]) == Approx(1.0).epsilon(1e-9));
  CHECK(scored[0][12] == "tie");
  CHECK(scored[1][1] == "unit_share");
  CHECK(scored[1][4] == "2");
  CHECK(std::stod(scored[1][5]) == Approx(1.5).epsilon(1e-9));
  CHECK(std::stod(scored[1][6]) == Approx(1.5).epsilon(1e-9));
  CHECK(std::abs(std::stod(scored[1][8])) < 1e-9);
  CHECK(scored[2][12] == "tie");
  CHECK(rows(place.read("out/forecasts.csv")).size() == 4);
  CHECK_THAT(place.read("out/manifest.json"), contains("\"quarters\": 3,"));
}

TEST_CASE("the horizon ends with the last observation, before or after the scenario's", "[cli]") {
  const TemporaryFolder place;
  place.write("still.toml", still_scenario);
  place.write("seen/a.csv", header + "2025Q4,still,unit_share,alpha,60,percent,x\n");
  CHECK(backtest(place, "long").code == 0);
  CHECK_THAT(place.read("long/manifest.json"), contains("\"quarters\": 8,"));
  place.write("seen/a.csv", header + "2024Q2,still,unit_share,alpha,60,percent,x\n");
  place.write("still.toml", still_scenario +
                                "[[partnership]]\nid = \"late\"\nparties = [\"alpha\", \"beta\"]\n"
                                "kind = \"supply\"\nstart = \"2024Q3\"\neffect = [{ type = "
                                "\"cost\", product = \"still-alpha\", change = -0.1 }]\n");
  CHECK(backtest(place, "short").code == 0);
  CHECK_THAT(place.read("short/manifest.json"), contains("\"quarters\": 2,"));
}

TEST_CASE("observations that no forecast may be scored on end with 2 and nothing written",
          "[cli]") {
  const TemporaryFolder place;
  place.write("still.toml", still_scenario);
  CHECK(backtest(place, "out").code == 2);  // no folder
  place.write("seen/a.csv", observations + "2024Q2,still,unit_share,gamma,1,percent,x\n");
  const auto unknown = backtest(place, "out");
  CHECK(unknown.code == 2);
  CHECK_THAT(unknown.err, contains("seen/a.csv:6:1: error: names no entity of the model"));
  place.write("seen/a.csv", observations);
  const auto fitted = backtest(place, "out", {"--set", "run.fitted_through=2024Q2"});
  CHECK(fitted.code == 2);
  CHECK_THAT(fitted.err, contains("a.csv:2:1: error: the scenario was fitted to this quarter"));
  CHECK(run_program(place.path(), {"backtest", "still.toml"}).code == 2);
  CHECK_FALSE(fs::exists(place.path() / "out"));
}

TEST_CASE("figures that were known make a back-test in-sample", "[cli]") {
  const TemporaryFolder place;
  place.write("still.toml", still_scenario);
  place.write("seen/a.csv", observations);
  CHECK_THAT(backtest(place, "out", {"--set", "run.seen_through=2024Q3"}).err,
             contains("in-sample: figures up to 2024Q3 were known;"));
  CHECK_THAT(backtest(place, "out", {"--set", "run.seen_through=2024Q2"}).err,
             contains("were known, out of sample after it"));
}

TEST_CASE("a back-test of the baseline has the same bytes for any threads", "[cli]") {
  const TemporaryFolder place;
  place.write("seen/a.csv", header +
                                "2024Q3,hbm,revenue_share,samsung,40,percent,x\n"
                                "2024Q3,cloud,revenue_usd_bn,,84,USD bn,x\n");
  for (const std::string threads : {"1", "3"}) {
    const auto ended =
        run_program(place.path(), {"backtest", baseline, "--observed", "seen", "--replications",
                                   "8", "--threads", threads, "-o", "t" + threads});
    INFO(ended.err);
    REQUIRE(ended.code == 0);
  }
  for (const std::string name : {"backtest.csv", "forecasts.csv", "branches.csv"})
    CHECK(place.read("t1/" + name) == place.read("t3/" + name));
  const auto forecast = rows(place.read("t1/forecasts.csv")).at(0);
  CHECK(std::stod(forecast[7]) < std::stod(forecast[9]));  // parameters are drawn
}
