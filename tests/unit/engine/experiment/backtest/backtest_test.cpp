// Scores of a small outcome written by hand: one market of two firms over three quarters.
#include "engine/experiment/backtest/backtest.hpp"

#include "engine/experiment/backtest/backtest_files.hpp"
#include "tests/catch.hpp"
#include "tests/unit/engine/simulation/small_world.hpp"

using namespace entente;

namespace {

scenario::QuarterDate at(const char* text) {
  return scenario::parse_quarter(text).value();
}

// Lines of beta and delta, by replication, quarters 2024Q1 to 2024Q3; the share of beta is the
// number of its lines, as they sum to 100. Beta's link is open at the end in the first two.
struct Case {
  std::vector<output::ResultTable> tables;
  std::vector<output::Results> results;
  std::vector<output::Results> first;
  scenario::Scenario scenario;
  simulation::Economy economy;

  Case() {
    const auto read = test::read_small(R"(
[[history]]
id = "beta"
market = "plan"
series = "unit_share"
entity = "beta"
points = [ { quarter = "2023Q4", value = 48 }, { quarter = "2024Q1", value = 50 } ]
[[branch]]
id = "open"
market = "plan"
link = "alpha-to-delta"
)");
    scenario = *read.scenario;
    economy = *simulation::build_world(scenario, test::plain_models()).world->economy;
    output::ResultTable products;
    products.name = "products";
    products.keys = {{"market", "", ""}, {"product", "", ""}, {"firm", "", ""}};
    products.series = {{"quantity", "", ""}, {"revenue_usd_bn", "", ""}};
    products.rows = {{"plan", "plan-beta", "beta"}, {"plan", "plan-delta", "delta"}};
    output::ResultTable supply;
    supply.name = "supply";
    supply.keys = {{"market", "", ""}, {"supplier", "", ""}, {"buyer", "", ""}};
    supply.series = {{"access", "", ""}};
    for (std::size_t l = 0; l < economy.links.size(); ++l)
      supply.rows.push_back({"part", "", ""});
    tables = {products, supply};
    add(52, 54, 0.25);
    add(53, 58, 1.0);
    add(54, 50, 0.0);
    first = {results.front()};
    first.front().tables.front().values.resize(4);
  }

  void add(double second, double third, double access) {
    output::Results one;
    one.tables.resize(2);
    for (const double share : {50.0, second, third}) {
      for (const double value : {share, share / 50.0, 100.0 - share, 1.0})
        one.tables[0].values.push_back(value);
    }
    for (int quarter = 0; quarter < 3; ++quarter) {
      for (std::size_t l = 0; l < economy.links.size(); ++l) {
        const bool opens = economy.links[l].id == "alpha-to-delta" && quarter == 2;
        one.tables[1].values.push_back(opens ? access : 0.0);
      }
    }
    results.push_back(one);
  }

  experiment::Backtest score(const std::vector<experiment::ObservedSeries>& observed) const {
    const experiment::MemoryStore store(results);
    const experiment::MemoryStore start(first);
    return experiment::compute_backtest(observed, {&tables, &store, 3}, {&tables, &start, 1},
                                        scenario, economy);
  }
};

experiment::ObservedSeries share_of_beta() {
  return {.market = "plan",
          .measure = simulation::Measure::unit_share,
          .entity = "beta",
          .firm = "beta",
          .unit = "percent",
          .model_units = 1.0,
          .values = {{at("2024Q2"), 53.0}, {at("2024Q3"), 58.5}}};
}

}  // namespace

// Means 53 and 54: errors 0 and 4.5. Persistence 50: 3 and 8.5. Growth 52, 54: 1 and 4.5. Ranked
// scores: of 52, 53, 54 at 53: 2/3 − 4/9; of 50, 54, 58 at 58.5: 4.5 − 16/9. Quantiles 52.2 to 53.8
// hold 53; 50.8 to 57.2 do not hold 58.5.
TEST_CASE("a series is scored as worked by hand", "[unit]") {
  const auto backtest = Case().score({share_of_beta()});
  REQUIRE(backtest.series.size() == 1);
  const auto& scored = backtest.series[0];
  CHECK(scored.mae_model == Approx(2.25).epsilon(1e-14));
  CHECK(scored.mae_persistence == Approx(5.75).epsilon(1e-14));
  CHECK(scored.mae_growth == Approx(2.75).epsilon(1e-14));
  CHECK(*scored.skill == Approx(1.0 - 2.25 / 5.75).epsilon(1e-14));
  CHECK(*scored.skill_growth == Approx(1.0 - 2.25 / 2.75).epsilon(1e-14));
  const double crps = ((2.0 / 3.0 - 4.0 / 9.0) + (4.5 - 16.0 / 9.0)) / 2.0;
  CHECK(*scored.crps_skill == Approx(1.0 - crps / 2.75).epsilon(1e-14));
  CHECK(scored.coverage_80 == 0.5);
  CHECK(scored.verdict == experiment::Verdict::better);
  CHECK(*backtest.median_skill == *scored.skill);
  CHECK(scored.forecasts[1].q10 == Approx(50.8).epsilon(1e-14));
}

TEST_CASE("persistence within rounding is a tie and no part of the median", "[unit]") {
  auto observed = share_of_beta();
  observed.values = {{at("2024Q2"), 50.4}, {at("2024Q3"), 49.7}};
  const auto backtest = Case().score({observed});
  CHECK(backtest.series[0].verdict == experiment::Verdict::tie);
  CHECK_FALSE(backtest.median_skill);
  observed.values = {{at("2024Q2"), 50.0}};
  const auto perfect = Case().score({observed}).series[0];
  CHECK_FALSE(perfect.skill);
  CHECK(perfect.verdict == experiment::Verdict::tie);
}

TEST_CASE("a size is compared in the unit of its observations", "[unit]") {
  experiment::ObservedSeries lines{.market = "plan",
                                   .measure = simulation::Measure::units,
                                   .entity = "beta",
                                   .firm = "beta",
                                   .unit = "thousand",
                                   .model_units = 1e-3,
                                   .values = {{at("2024Q2"), 40000.0}}};
  const auto scored = Case().score({lines}).series[0];
  CHECK(scored.forecasts[0].mean == Approx(53000.0));
  CHECK(scored.forecasts[0].persistence == Approx(50000.0));
  CHECK(scored.mae_model == Approx(13000.0));
  CHECK(scored.verdict == experiment::Verdict::worse);
}

TEST_CASE("a market's forecasts are shown by branch", "[unit]") {
  const auto branches = Case().score({share_of_beta()}).branches;
  REQUIRE(branches.size() == 4);
  CHECK(branches[1].happened);
  CHECK(branches[1].replications == 2);
  CHECK(*branches[1].mean == Approx(56.0));
  CHECK(branches[1].observed == 58.5);
  CHECK_FALSE(branches[3].happened);
  CHECK(branches[3].replications == 1);
  CHECK(*branches[3].mean == Approx(50.0));
}

TEST_CASE("the CSVs have their columns, and no cell where there is no number", "[unit]") {
  auto observed = share_of_beta();
  observed.values = {{at("2024Q2"), 50.0}};
  const auto backtest = Case().score({observed});
  std::string text;
  experiment::write_backtest_file(experiment::backtest_files()[0], backtest,
                                  [&](std::string_view piece) { text += piece; });
  CHECK(text ==
        "market,series,entity,unit,quarters,mae_model,mae_persistence,mae_growth,skill,"
        "skill_growth,crps_skill,coverage_80,verdict\n"
        "plan,unit_share,beta,percent,1,3,0,2,,-0.5,,0,tie\n");
}
