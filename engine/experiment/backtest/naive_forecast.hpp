#pragma once

#include <map>

#include "engine/scenario/quarter_date.hpp"

namespace entente::experiment {

/// What a forecast without a model knows of a series at quarter 0.
struct NaiveBasis {
  scenario::QuarterDate start;                           // quarter 0
  double level = 0.0;                                    // its calibrated value of quarter 0
  std::map<scenario::QuarterDate, double> history = {};  // observed up to quarter 0, same unit
  bool share = false;     // a percentage, which stays within 0 and 100
  bool seasonal = false;  // quarters of a year differ
};

/// Nothing changes: the level of quarter 0; for a seasonal series the value of the same quarter
/// among the four up to quarter 0, or the level where that is not in the history.
double persistence_forecast(const NaiveBasis& basis, scenario::QuarterDate quarter);

/// The last growth goes on: between the last two consecutive quarters of the history, as a ratio
/// each quarter for a size and as points each quarter for a share, from the level of quarter 0. A
/// seasonal series takes the last growth against the year before, on top of its persistence. The
/// same as persistence where the history does not have two such quarters.
double growth_forecast(const NaiveBasis& basis, scenario::QuarterDate quarter);

}  // namespace entente::experiment
