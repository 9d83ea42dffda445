#pragma once

#include <optional>
#include <string>
#include <vector>

#include "engine/experiment/backtest/observed_series.hpp"
#include "engine/experiment/series_view.hpp"
#include "engine/scenario/scenario.hpp"
#include "engine/simulation/state/economy.hpp"

namespace entente::experiment {

/// What was forecast for one observed quarter, in the unit of the observations.
struct Forecast {
  scenario::QuarterDate quarter;
  double observed = 0.0;
  double mean = 0.0;  // over replications: the model's forecast
  double q10 = 0.0;   // their quantiles
  double q50 = 0.0;
  double q90 = 0.0;
  double persistence = 0.0;
  double growth = 0.0;
  double crps = 0.0;  // of the replications
};

/// `tie`: persistence misses by less than rounding, or the model as much as the better naive
/// forecast; else whether the model's mean absolute error is below that of the better one.
enum class Verdict { better, worse, tie };
const char* name_of(Verdict verdict);

/// One series scored over its observed quarters. Errors are mean absolute errors in its unit.
struct BacktestSeries {
  std::string market;
  std::string series;
  std::string entity;  // empty for the market
  std::string unit;
  std::vector<Forecast> forecasts = {};  // by quarter
  double mae_model = 0.0;
  double mae_persistence = 0.0;
  double mae_growth = 0.0;
  std::optional<double> skill = {};         // against persistence; nothing where that is perfect
  std::optional<double> skill_growth = {};  // against the last growth carried on
  std::optional<double> crps_skill = {};    // of the ensemble, against the better of the two
  double coverage_80 = 0.0;  // observed quarters from the 10% to the 90% quantile, fraction
  Verdict verdict = Verdict::tie;
};

/// The forecasts of a branch's market where its event came and where it did not.
struct BranchForecast {
  std::string branch;
  bool happened = false;  // in the last observed quarter
  std::string market;
  std::string series;
  std::string entity;
  scenario::QuarterDate quarter;
  std::size_t replications = 0;
  std::optional<double> mean;  // nothing without a replication
  std::optional<double> q10;
  std::optional<double> q90;
  double observed = 0.0;
};

struct Backtest {
  std::vector<BacktestSeries> series;    // in the order of the observations
  std::vector<BranchForecast> branches;  // by branch, happened first, series, quarter
  std::optional<double> median_skill;    // over series that are no tie
};

/// Scores an outcome whose quarters run from the economy's start to the last observed one.
/// `start` is the one replication, one quarter long, of the scenario's figures as written: its
/// quarter 0 is what persistence holds on to. Throws std::runtime_error where no replication has a
/// value of an observed series.
Backtest compute_backtest(const std::vector<ObservedSeries>& observed, const Outcome& outcome,
                          const Outcome& start, const scenario::Scenario& scenario,
                          const simulation::Economy& economy);

}  // namespace entente::experiment
