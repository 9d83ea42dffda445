#include "engine/experiment/series_view.hpp"

#include <algorithm>
#include <cmath>

namespace entente::experiment {

namespace {

std::optional<std::size_t> position(const std::vector<output::Series>& columns,
                                    std::string_view name) {
  const auto found = std::find_if(columns.begin(), columns.end(),
                                  [&](const auto& column) { return column.name == name; });
  if (found == columns.end()) return std::nullopt;
  return static_cast<std::size_t>(found - columns.begin());
}

}  // namespace

TableView::TableView(const Outcome& outcome, std::size_t index)
    : table_(&(*outcome.tables)[index]),
      results_(outcome.results),
      index_(index),
      quarters_(outcome.quarters) {}

std::optional<TableView> TableView::find(const Outcome& outcome, std::string_view table) {
  for (std::size_t i = 0; i < outcome.tables->size(); ++i) {
    if ((*outcome.tables)[i].name == table) return TableView(outcome, i);
  }
  return std::nullopt;
}

std::optional<std::size_t> TableView::series(std::string_view name) const {
  return position(table_->series, name);
}

std::optional<std::size_t> TableView::key(std::string_view name) const {
  return position(table_->keys, name);
}

double TableView::value(std::size_t replication, std::size_t quarter, std::size_t entity,
                        std::size_t series) const {
  double value = 0.0;
  results_->read(replication, index_, place(quarter, entity, series), std::span(&value, 1));
  return value;
}

std::vector<double> TableView::values(std::size_t replication) const {
  std::vector<double> all(size());
  results_->read(replication, index_, 0, all);
  return all;
}

std::vector<double> TableView::columns(std::size_t first, std::size_t count) const {
  std::vector<double> all(count * replications());
  for (std::size_t r = 0; r < replications(); ++r)
    results_->read(r, index_, first, std::span(all).subspan(r * count, count));
  return all;
}

std::vector<double> TableView::present(std::size_t quarter, std::size_t entity,
                                       std::size_t series) const {
  std::vector<double> values;
  values.reserve(replications());
  for (std::size_t r = 0; r < replications(); ++r) {
    const double number = value(r, quarter, entity, series);
    if (!std::isnan(number)) values.push_back(number);
  }
  return values;
}

}  // namespace entente::experiment
