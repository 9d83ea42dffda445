#include "engine/experiment/precision/stopping_record.hpp"

#include <algorithm>
#include <cmath>

#include "engine/experiment/summary.hpp"

namespace entente::experiment {

namespace {

std::string series_name(const PreciseSeries& column,
                        const std::vector<output::ResultTable>& tables) {
  const auto& table = tables[column.table];
  return table.name + "." + table.series[column.series].name;
}

/// Replications with the look-ahead, more than there were; nothing where that cannot be said.
std::optional<std::uint64_t> needed_count(const StoppingSearch& search, const PrecisionGoal& goal) {
  constexpr double tellable = 1e15;
  const double needed = std::ceil(search.needed());
  if (!(needed < tellable)) return std::nullopt;
  const auto count = static_cast<std::size_t>(needed);
  return std::max<std::uint64_t>(count + look_ahead(goal.rule, count), search.count() + 1);
}

}  // namespace

output::Manifest::Stopping describe_goal(const PrecisionGoal& goal,
                                         const std::vector<output::ResultTable>& tables) {
  output::Manifest::Stopping record;
  record.confidence = goal.rule.confidence;
  record.minimum = goal.rule.minimum;
  record.look_ahead = goal.rule.look_ahead;
  record.most = goal.most;
  for (const auto& column : goal.series) {
    record.series.push_back(
        {series_name(column, tables), column.precision.size, column.precision.relative});
  }
  return record;
}

void describe_end(const StoppingSearch& search, const PrecisionGoal& goal,
                  const std::vector<output::ResultTable>& tables, const std::string& quarter,
                  output::Manifest::Stopping& record) {
  record.met = search.stop().has_value();
  if (!record.met) record.needed = needed_count(search, goal);
  const auto widest = search.widest();
  if (!widest) return;
  const auto [column, entity] = precise_means(goal, tables)[*widest];
  const auto& series = goal.series[column];
  const RunningMean& mean = search.means()[*widest];
  record.widest = {series_name(series, tables),
                   entity_name(tables[series.table].rows[entity]),
                   quarter,
                   mean.count(),
                   mean.mean(),
                   mean.half_width(goal.rule.confidence)};
}

}  // namespace entente::experiment
