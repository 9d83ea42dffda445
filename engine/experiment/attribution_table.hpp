#pragma once

#include <string>
#include <vector>

#include "engine/output/result_table.hpp"
#include "engine/scenario/diagnostic.hpp"

namespace entente::experiment {

/// A mean over replications with its 95% interval, in the unit of its series. All but the mean are
/// NaN where replications are too few.
struct Estimate {
  double mean = 0.0;
  double standard_error = 0.0;
  double low = 0.0;
  double high = 0.0;
};

struct DealContribution {
  std::string deal;
  Estimate estimate;
};

/// One figure without and with a set of deals, and what each deal adds between: Shapley values
/// (Shapley 1953) per replication, so that the contributions sum to the change.
struct Attribution {
  std::string table;
  std::string entity;  // keys joined by '/'
  std::string series;
  Estimate without;
  std::vector<DealContribution> deals;  // in the order of the file
  Estimate with;
};

/// The columns of attribution.csv: what writes the file and what reads it agree here.
output::ResultTable attribution_columns();

/// Reads attribution.csv. Appends a fault for a missing column, a cell that is no number, a mean
/// outside its interval, a figure without both its totals or with two of a step, and contributions
/// that do not sum to the change between the totals.
std::vector<Attribution> read_attributions(const std::string& file, const std::string& text,
                                           scenario::Faults& faults);

}  // namespace entente::experiment
