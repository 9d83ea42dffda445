#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "engine/experiment/precision/stopping_rule.hpp"
#include "engine/experiment/series_view.hpp"
#include "engine/scenario/diagnostic.hpp"

namespace entente::experiment {

/// A column whose means in the last quarter are to be known well enough, for every entity of its
/// table.
struct PreciseSeries {
  std::size_t table = 0;
  std::size_t series = 0;
  Precision precision;
};

/// How long an ensemble of open length goes on.
struct PrecisionGoal {
  std::vector<PreciseSeries> series;
  StoppingRule rule;
  std::uint64_t most = 10'000;  // replications, met or not
};

/// "5%" is relative, "0.5" in the unit of the series; nothing when it is no size above 0.
std::optional<Precision> read_precision(std::string text);

/// Columns named as `markets.hhi` or `markets.hhi=2%`; those without a precision of their own get
/// `usual`. Without any, revenue, price index and concentration of every market. Appends a fault
/// for each that is not so.
std::vector<PreciseSeries> read_precise_series(const std::vector<std::string>& texts,
                                               const Precision& usual,
                                               const std::vector<output::ResultTable>& tables,
                                               scenario::Faults& faults);

/// A goal's means one after the other: by column, and within it by entity.
struct PreciseMean {
  std::size_t column = 0;  // in the goal
  std::size_t entity = 0;  // in the table
};
std::vector<PreciseMean> precise_means(const PrecisionGoal& goal,
                                       const std::vector<output::ResultTable>& tables);

/// The values of a goal's means in one replication (by position), NaN where there is none.
std::vector<double> precise_values(const PrecisionGoal& goal, const Outcome& outcome,
                                   std::size_t replication);

}  // namespace entente::experiment
