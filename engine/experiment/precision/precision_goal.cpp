#include "engine/experiment/precision/precision_goal.hpp"

#include <algorithm>
#include <cmath>

#include "engine/experiment/comparison/keyed_table.hpp"

namespace entente::experiment {

namespace {

/// What a run is asked about first; their means are away from 0.
const std::vector<std::string> usual_series = {"markets.revenue_usd_bn", "markets.price_index",
                                               "markets.hhi"};

std::string full_name(const output::ResultTable& table, std::size_t series) {
  return table.name + "." + table.series[series].name;
}

std::optional<PreciseSeries> find_series(const std::string& name,
                                         const std::vector<output::ResultTable>& tables,
                                         scenario::Faults& faults) {
  std::vector<std::string> names;
  for (std::size_t t = 0; t < tables.size(); ++t) {
    for (std::size_t s = 0; s < tables[t].series.size(); ++s) {
      names.push_back(full_name(tables[t], s));
      if (names.back() != name) continue;
      if (!tables[t].rows.empty()) return PreciseSeries{t, s, {}};
      faults.push_back({.location = {"--precision-of"},
                        .message = "'" + name + "' has no rows in this scenario"});
      return std::nullopt;
    }
  }
  const auto near = scenario::nearest_name(name, names);
  faults.push_back({.location = {"--precision-of"},
                    .message = "there is no series '" + name + "'",
                    .expected = "a table and a column of it, as in markets.hhi",
                    .hint = near.empty() ? "" : "did you mean '" + near + "'?"});
  return std::nullopt;
}

}  // namespace

std::optional<Precision> read_precision(std::string text) {
  const bool percent = text.ends_with('%');
  if (percent) text.pop_back();
  const auto number = cell_number(text);
  if (!number || !std::isfinite(*number) || *number <= 0.0) return std::nullopt;
  return Precision{percent ? *number / 100.0 : *number, percent};
}

std::vector<PreciseSeries> read_precise_series(const std::vector<std::string>& texts,
                                               const Precision& usual,
                                               const std::vector<output::ResultTable>& tables,
                                               scenario::Faults& faults) {
  std::vector<PreciseSeries> read;
  for (const auto& text : texts.empty() ? usual_series : texts) {
    const auto equals = text.find('=');
    auto precision = std::optional(usual);
    if (equals != std::string::npos) precision = read_precision(text.substr(equals + 1));
    if (!precision) {
      faults.push_back({.location = {"--precision-of"},
                        .message = "is no half width of an interval",
                        .expected = "TABLE.SERIES=SIZE, a number above 0 in the unit of the "
                                    "series, or a percentage of its mean as in 5%",
                        .seen = text});
      continue;
    }
    auto series = find_series(text.substr(0, equals), tables, faults);
    if (!series) continue;
    series->precision = *precision;
    const auto same = [&](const PreciseSeries& other) {
      return other.table == series->table && other.series == series->series;
    };
    if (std::ranges::any_of(read, same)) {
      faults.push_back({.location = {"--precision-of"},
                        .message = "'" + text.substr(0, equals) + "' is named twice"});
    }
    read.push_back(*series);
  }
  return read;
}

std::vector<PreciseMean> precise_means(const PrecisionGoal& goal,
                                       const std::vector<output::ResultTable>& tables) {
  std::vector<PreciseMean> means;
  for (std::size_t c = 0; c < goal.series.size(); ++c) {
    for (std::size_t e = 0; e < tables[goal.series[c].table].rows.size(); ++e)
      means.push_back({c, e});
  }
  return means;
}

std::vector<double> precise_values(const PrecisionGoal& goal, const Outcome& outcome,
                                   std::size_t replication) {
  std::vector<double> values;
  std::vector<double> quarter;  // of one table
  for (const auto& [table, series, precision] : goal.series) {
    const std::size_t columns = (*outcome.tables)[table].series.size();
    quarter.resize((*outcome.tables)[table].rows.size() * columns);
    outcome.results->read(replication, table, (outcome.quarters - 1) * quarter.size(), quarter);
    for (std::size_t place = series; place < quarter.size(); place += columns)
      values.push_back(quarter[place]);
  }
  return values;
}

}  // namespace entente::experiment
