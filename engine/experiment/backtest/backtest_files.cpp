#include "engine/experiment/backtest/backtest_files.hpp"

namespace entente::experiment {

namespace {

using output::csv_number;
using Rows = std::vector<std::vector<std::string>>;

std::string number_or_empty(const std::optional<double>& value) {
  return value ? csv_number(*value) : std::string{};
}

std::string count(std::size_t number) {
  return std::to_string(number);
}

Rows series_rows(const Backtest& backtest) {
  Rows rows;
  for (const BacktestSeries& each : backtest.series) {
    rows.push_back({each.market, each.series, each.entity, each.unit, count(each.forecasts.size()),
                    csv_number(each.mae_model), csv_number(each.mae_persistence),
                    csv_number(each.mae_growth), number_or_empty(each.skill),
                    number_or_empty(each.skill_growth), number_or_empty(each.crps_skill),
                    csv_number(each.coverage_80), name_of(each.verdict)});
  }
  return rows;
}

Rows forecast_rows(const Backtest& backtest) {
  Rows rows;
  for (const BacktestSeries& series : backtest.series) {
    for (const Forecast& each : series.forecasts) {
      rows.push_back({series.market, series.series, series.entity, series.unit,
                      to_text(each.quarter), csv_number(each.observed), csv_number(each.mean),
                      csv_number(each.q10), csv_number(each.q50), csv_number(each.q90),
                      csv_number(each.persistence), csv_number(each.growth)});
    }
  }
  return rows;
}

Rows branch_rows(const Backtest& backtest) {
  Rows rows;
  for (const BranchForecast& each : backtest.branches) {
    rows.push_back({each.branch, each.happened ? "yes" : "no", each.market, each.series,
                    each.entity, to_text(each.quarter), count(each.replications),
                    number_or_empty(each.mean), number_or_empty(each.q10),
                    number_or_empty(each.q90), csv_number(each.observed)});
  }
  return rows;
}

const output::Series market_column = {"market", "id", "Market."};
const output::Series series_column = {"series", "text", "What was observed."};
const output::Series entity_column = {"entity", "id",
                                      "Firm, as the observations name it; empty for the market."};
const output::Series unit_column = {"unit", "text",
                                    "Unit of the observations, and of every value in this row."};
const output::Series quarter_column = {"quarter", "text", "Calendar quarter observed."};

}  // namespace

const std::vector<BacktestFile>& backtest_files() {
  static const std::vector<BacktestFile> files = {
      {"backtest.csv",
       "`entente backtest` writes one row per observed series: its forecast's errors, and those of "
       "two naive forecasts.",
       {market_column,
        series_column,
        entity_column,
        unit_column,
        {"quarters", "count", "Observed quarters that were scored."},
        {"mae_model", "of the series", "Mean absolute error of the mean over replications."},
        {"mae_persistence", "of the series",
         "The same of quarter 0's value held on; in a seasonal market's units of the same quarter "
         "among the four up to quarter 0."},
        {"mae_growth", "of the series",
         "The same of the last observed growth carried on: a ratio for sizes, points for shares, "
         "within 0 and 100."},
        {"skill", "fraction",
         "1 − mae_model / mae_persistence; empty where persistence is perfect."},
        {"skill_growth", "fraction", "1 − mae_model / mae_growth; empty where that is perfect."},
        {"crps_skill", "fraction",
         "1 − the ranked probability score of the replications over the error of the better naive "
         "forecast; empty where that is perfect."},
        {"coverage_80", "fraction",
         "Observed quarters within the 10% and 90% quantile of the replications."},
        {"verdict", "text",
         "better or worse than the better naive forecast by mean absolute error; tie: persistence "
         "misses by less than rounding (0.5 points, or 0.5% of the mean observation), or both miss "
         "by the same."}},
       series_rows},
      {"forecasts.csv",
       "The quarters behind `backtest.csv`.",
       {market_column,
        series_column,
        entity_column,
        unit_column,
        quarter_column,
        {"observed", "of the series", "As the observations have it."},
        {"mean", "of the series", "Mean over replications: the model's forecast."},
        {"q10", "of the series", "10% quantile over replications (type 7)."},
        {"q50", "of the series", "Median, likewise."},
        {"q90", "of the series", "90% quantile, likewise."},
        {"persistence", "of the series", "Forecast of persistence."},
        {"growth", "of the series", "Forecast of the last growth carried on."}},
       forecast_rows},
      {"branches.csv",
       "Forecasts of a `[[branch]]`'s market, where its event came by the last observed quarter "
       "and where it did not.",
       {{"branch", "id", "Branch."},
        {"state", "yes or no", "Whether its link is open in the last observed quarter."},
        market_column,
        series_column,
        entity_column,
        quarter_column,
        {"replications", "count", "Replications in that state."},
        {"mean", "of the series", "Mean over them; empty if there is none."},
        {"q10", "of the series", "10% quantile over them."},
        {"q90", "of the series", "90% quantile over them."},
        {"observed", "of the series", "As the observations have it."}},
       branch_rows}};
  return files;
}

void write_backtest_file(const BacktestFile& file, const Backtest& backtest,
                         const output::TextSink& sink) {
  std::vector<std::string> names;
  names.reserve(file.columns.size());
  for (const output::Series& column : file.columns)
    names.push_back(column.name);
  sink(output::csv_line(names));
  for (const auto& row : file.rows(backtest))
    sink(output::csv_line(row));
}

}  // namespace entente::experiment
