#pragma once

#include <cstddef>
#include <functional>
#include <string>
#include <vector>

#include "engine/experiment/series_view.hpp"
#include "engine/output/csv.hpp"

namespace entente::experiment {

/// A series at one quarter over replications. NaN where there is no answer: everything when no
/// replication has a value, the standard error when fewer than two have one.
struct Statistics {
  std::size_t count = 0;  // replications that have a value
  double mean = 0.0;
  double standard_error = 0.0;  // sample deviation (n − 1) over √n; exactly 0 for equal values
  double q10 = 0.0;             // quantiles of type 7 (Hyndman & Fan 1996), linear in the order
  double q50 = 0.0;             // statistics
  double q90 = 0.0;
};

Statistics compute_statistics(std::vector<double> values);

/// The keys of a row joined by '/', as summary.csv has them.
std::string entity_name(const std::vector<std::string>& keys);

/// Tells the statistics of the series wanted (by position), quarter by quarter. Memory does not
/// grow with the number of replications.
void visit_statistics(const TableView& view, const std::function<bool(std::size_t series)>& wanted,
                      const std::function<void(std::size_t quarter, std::size_t entity,
                                               std::size_t series, const Statistics&)>& visit);

/// The columns of summary.csv, for the column dictionary.
output::ResultTable summary_columns();

/// Writes summary.csv: a row per table, quarter, entity (its keys joined by '/') and series.
void write_summary(const Outcome& outcome, const std::vector<std::string>& quarters,
                   const output::TextSink& sink);

}  // namespace entente::experiment
