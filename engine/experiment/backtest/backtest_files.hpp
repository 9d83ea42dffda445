#pragma once

#include <string>
#include <vector>

#include "engine/experiment/backtest/backtest.hpp"
#include "engine/output/csv.hpp"
#include "engine/output/result_table.hpp"

namespace entente::experiment {

/// One CSV of a back-test: its columns, and its rows of a given back-test.
struct BacktestFile {
  std::string name;  // "backtest.csv"
  std::string meaning;
  std::vector<output::Series> columns;
  std::vector<std::vector<std::string>> (*rows)(const Backtest&);
};

/// backtest.csv, forecasts.csv and branches.csv.
const std::vector<BacktestFile>& backtest_files();

/// Header and rows.
void write_backtest_file(const BacktestFile& file, const Backtest& backtest,
                         const output::TextSink& sink);

}  // namespace entente::experiment
