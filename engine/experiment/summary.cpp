#include "engine/experiment/summary.hpp"

#include <algorithm>
#include <cmath>
#include <limits>

#include "engine/experiment/quantile.hpp"

namespace entente::experiment {

std::string entity_name(const std::vector<std::string>& keys) {
  std::string name;
  for (std::size_t k = 0; k < keys.size(); ++k)
    name += (k > 0 ? "/" : "") + keys[k];
  return name;
}

Statistics compute_statistics(std::vector<double> values) {
  constexpr double missing = std::numeric_limits<double>::quiet_NaN();
  Statistics statistics{values.size(), missing, missing, missing, missing, missing};
  if (values.empty()) return statistics;

  std::sort(values.begin(), values.end());
  const auto count = static_cast<double>(values.size());
  // Deviations from one of the values: sums of equal numbers are then exact.
  const double origin = values.front();
  double sum = 0.0;
  for (const double value : values)
    sum += value - origin;
  statistics.mean = origin + sum / count;
  statistics.q10 = sorted_quantile(values, 0.1);
  statistics.q50 = sorted_quantile(values, 0.5);
  statistics.q90 = sorted_quantile(values, 0.9);
  if (values.size() < 2) return statistics;

  double squares = 0.0;
  for (const double value : values) {
    const double deviation = (value - origin) - sum / count;
    squares += deviation * deviation;
  }
  statistics.standard_error = std::sqrt(squares / (count - 1.0) / count);
  return statistics;
}

void visit_statistics(const TableView& view, const std::function<bool(std::size_t series)>& wanted,
                      const std::function<void(std::size_t quarter, std::size_t entity,
                                               std::size_t series, const Statistics&)>& visit) {
  // So many columns at a time.
  constexpr std::size_t numbers_at_a_time = std::size_t{1} << 17U;
  const std::size_t at_a_time =
      std::max<std::size_t>(1, numbers_at_a_time / std::max<std::size_t>(1, view.replications()));
  const std::size_t all_series = view.table().series.size();
  for (std::size_t first = 0; first < view.size(); first += at_a_time) {
    const std::size_t count = std::min(at_a_time, view.size() - first);
    const std::vector<double> values = view.columns(first, count);
    for (std::size_t c = 0; c < count; ++c) {
      const std::size_t series = (first + c) % all_series;
      if (!wanted(series)) continue;
      std::vector<double> present;
      present.reserve(view.replications());
      for (std::size_t r = 0; r < view.replications(); ++r) {
        const double value = values[r * count + c];
        if (!std::isnan(value)) present.push_back(value);
      }
      const std::size_t row = (first + c) / all_series;
      visit(row / view.entities(), row % view.entities(), series,
            compute_statistics(std::move(present)));
    }
  }
}

output::ResultTable summary_columns() {
  output::ResultTable table;
  table.name = "summary";
  table.keys = {{"table", "text", "The CSV that the series is a column of."},
                {"quarter", "text", "Calendar quarter, as in 2024Q1."},
                {"entity", "text", "The keys of the row, joined by '/'."},
                {"series", "text", "The column, whose unit holds for every statistic but `n`."}};
  table.series = {
      {"n", "count", "Replications that have a value."},
      {"mean", "of the series", "Mean over those replications."},
      {"standard_error", "of the series",
       "Standard error of the mean, from the sample deviation (n − 1); empty when n is below 2."},
      {"q10", "of the series",
       "10% quantile over replications, exact, linear between order "
       "statistics (type 7)."},
      {"q50", "of the series", "Median, likewise."},
      {"q90", "of the series", "90% quantile, likewise."}};
  return table;
}

void write_summary(const Outcome& outcome, const std::vector<std::string>& quarters,
                   const output::TextSink& sink) {
  const auto columns = summary_columns();
  std::vector<std::string> names;
  names.reserve(columns.keys.size() + columns.series.size());
  for (const auto& key : columns.keys)
    names.push_back(key.name);
  for (const auto& series : columns.series)
    names.push_back(series.name);
  sink(output::csv_line(names));

  constexpr std::size_t enough = std::size_t{1} << 16U;  // a sink takes few long texts best
  std::string text;
  for (const auto& table : *outcome.tables) {
    visit_statistics(
        *TableView::find(outcome, table.name), [](std::size_t /*series*/) { return true; },
        [&](std::size_t quarter, std::size_t entity, std::size_t series,
            const Statistics& statistics) {
          text += output::csv_line(
              {table.name, quarters[quarter], entity_name(table.rows[entity]),
               table.series[series].name, std::to_string(statistics.count),
               output::csv_number(statistics.mean), output::csv_number(statistics.standard_error),
               output::csv_number(statistics.q10), output::csv_number(statistics.q50),
               output::csv_number(statistics.q90)});
          if (text.size() < enough) return;
          sink(text);
          text.clear();
        });
  }
  sink(text);
}

}  // namespace entente::experiment
