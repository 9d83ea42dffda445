#pragma once

#include <string>

#include "engine/experiment/backtest/backtest.hpp"
#include "engine/report/screen_text.hpp"

namespace entente::report {

/// What the screen says of the back-test itself.
struct BacktestFacts {
  std::string title;
  std::string folder;
  std::string sample;  // "in-sample: …" or "out of sample"
  std::size_t replications = 0;
  double seconds = 0.0;
};

/// A line for each series with its errors, skills, coverage and verdict, then the last quarter of
/// each branch. All of it: a table with rows left out would not be a test.
std::string backtest_screen(const BacktestFacts& facts, const experiment::Backtest& backtest,
                            const ScreenStyle& style);

}  // namespace entente::report
