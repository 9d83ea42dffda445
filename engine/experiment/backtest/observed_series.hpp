#pragma once

#include <filesystem>
#include <map>
#include <string>
#include <vector>

#include "engine/scenario/diagnostic.hpp"
#include "engine/scenario/quarter_date.hpp"
#include "engine/simulation/state/economy.hpp"
#include "engine/simulation/state/measure.hpp"

namespace entente::experiment {

/// One series of a market as observed, its values in `unit`.
struct ObservedSeries {
  std::string market;
  simulation::Measure measure = simulation::Measure::units;
  std::string entity;        // as the file names it; empty for the market
  std::string firm;          // the firm meant: of `others` the market's fringe seller
  std::string unit;          // of its first row
  double model_units = 1.0;  // model's units (percent, USD bn, the market's own) in one of `unit`
  std::map<scenario::QuarterDate, double> values;
};

struct ObservedResult {
  std::vector<ObservedSeries> series;  // by market, name of the series, entity; none if a fault
  scenario::Faults faults;             // all of all files
};

/// Reads every CSV under `folder`, with the columns period, market, series, entity, value, unit and
/// source in any order. Faults: what names nothing of the model, bad quarters, numbers and units, a
/// key given twice, and quarters at or before `fitted_through`, which no forecast may be scored on.
ObservedResult read_observed(const std::filesystem::path& folder,
                             const simulation::Economy& economy,
                             scenario::QuarterDate fitted_through);

/// How many of the model's units (percent, USD bn, the market's unit) one of `unit` is; 0 when the
/// unit does not fit the measure.
double model_units_in(const std::string& unit, simulation::Measure measure,
                      const simulation::Market& market);

}  // namespace entente::experiment
