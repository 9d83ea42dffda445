#include "engine/experiment/summary.hpp"

#include <algorithm>
#include <cmath>
#include <limits>

namespace entente::experiment {

namespace {

// Type 7: position (n − 1)·p between the order statistics. Equal neighbours give their own value,
// which interpolation would miss by a rounding.
double quantile(const std::vector<double>& sorted, double probability) {
  const double position = static_cast<double>(sorted.size() - 1) * probability;
  const auto below = static_cast<std::size_t>(position);
  const auto above = std::min(below + 1, sorted.size() - 1);
  const double low = sorted[below];
  const double high = sorted[above];
  return low == high ? low : low + (position - static_cast<double>(below)) * (high - low);
}

std::string entity_name(const std::vector<std::string>& keys) {
  std::string name;
  for (std::size_t k = 0; k < keys.size(); ++k)
    name += (k > 0 ? "/" : "") + keys[k];
  return name;
}

}  // namespace

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
  statistics.q10 = quantile(values, 0.1);
  statistics.q50 = quantile(values, 0.5);
  statistics.q90 = quantile(values, 0.9);
  if (values.size() < 2) return statistics;

  double squares = 0.0;
  for (const double value : values) {
    const double deviation = (value - origin) - sum / count;
    squares += deviation * deviation;
  }
  statistics.standard_error = std::sqrt(squares / (count - 1.0) / count);
  return statistics;
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

  for (const auto& table : *outcome.tables) {
    const auto view = *TableView::find(outcome, table.name);
    for (std::size_t q = 0; q < quarters.size(); ++q) {
      std::string text;
      for (std::size_t e = 0; e < table.rows.size(); ++e) {
        const auto entity = entity_name(table.rows[e]);
        for (std::size_t s = 0; s < table.series.size(); ++s) {
          const auto statistics = compute_statistics(view.present(q, e, s));
          text += output::csv_line(
              {table.name, quarters[q], entity, table.series[s].name,
               std::to_string(statistics.count), output::csv_number(statistics.mean),
               output::csv_number(statistics.standard_error), output::csv_number(statistics.q10),
               output::csv_number(statistics.q50), output::csv_number(statistics.q90)});
        }
      }
      sink(text);
    }
  }
}

}  // namespace entente::experiment
