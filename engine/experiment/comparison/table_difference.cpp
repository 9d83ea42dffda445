#include "engine/experiment/comparison/table_difference.hpp"

#include <algorithm>
#include <cmath>
#include <limits>
#include <map>

namespace entente::experiment {

namespace {

using Keys = std::vector<std::string>;

std::vector<std::size_t> positions(const CsvTable& table, const Keys& names) {
  std::vector<std::size_t> found;
  found.reserve(names.size());
  for (const auto& name : names)
    found.push_back(*table.column(name));
  return found;
}

Keys cells_at(const output::CsvRecord& row, const std::vector<std::size_t>& columns) {
  Keys cells;
  cells.reserve(columns.size());
  for (const auto column : columns)
    cells.push_back(row.fields[column]);
  return cells;
}

/// Names of `table` that `than` lacks.
Keys columns_beyond(const CsvTable& table, const CsvTable& than) {
  Keys names;
  for (const auto& column : table.columns) {
    if (!than.column(column)) names.push_back(column);
  }
  return names;
}

void compare_cells(CellDifference cell, const CellTolerance& tolerance, TableDifference& result) {
  const auto base = cell_number(cell.base);
  const auto other = cell_number(cell.other);
  const bool numbers = base && other;
  const bool equal = cell.base == cell.other || (numbers && tolerance.allows(*base, *other));
  const bool finite = numbers && std::isfinite(*base) && std::isfinite(*other);
  cell.difference = finite ? *other - *base : std::numeric_limits<double>::quiet_NaN();
  const double largest = finite ? std::max(std::abs(*base), std::abs(*other)) : 0.0;
  cell.size = !finite         ? std::numeric_limits<double>::infinity()
              : largest > 0.0 ? std::abs(cell.difference) / largest
                              : 0.0;
  (equal ? result.equal : result.changed).push_back(std::move(cell));
}

}  // namespace

bool TableDifference::differs() const {
  return !changed.empty() || !rows_only_base.empty() || !rows_only_other.empty() ||
         !columns_only_base.empty() || !columns_only_other.empty();
}

TableDifference compare_tables(const CsvTable& base, const CsvTable& other, const Keys& keys,
                               const Tolerances& tolerances) {
  TableDifference result;
  result.columns_only_base = columns_beyond(base, other);
  result.columns_only_other = columns_beyond(other, base);
  Keys shared;
  for (const auto& column : base.columns) {
    if (other.column(column) && std::ranges::find(keys, column) == keys.end()) {
      shared.push_back(column);
    }
  }
  const auto base_keys = positions(base, keys);
  const auto other_keys = positions(other, keys);
  const auto base_columns = positions(base, shared);
  const auto other_columns = positions(other, shared);

  std::map<Keys, const output::CsvRecord*> rows;
  for (const auto& row : other.rows)
    rows.emplace(cells_at(row, other_keys), &row);
  for (const auto& row : base.rows) {
    auto named = cells_at(row, base_keys);
    const auto match = rows.find(named);
    if (match == rows.end()) {
      result.rows_only_base.push_back(std::move(named));
      continue;
    }
    for (std::size_t c = 0; c < shared.size(); ++c) {
      compare_cells(
          {named, shared[c], row.fields[base_columns[c]], match->second->fields[other_columns[c]]},
          tolerances.of(shared[c]), result);
    }
    rows.erase(match);
  }
  for (const auto& row : other.rows) {
    auto named = cells_at(row, other_keys);
    if (rows.contains(named)) result.rows_only_other.push_back(std::move(named));
  }
  std::ranges::stable_sort(result.changed, std::ranges::greater(), &CellDifference::size);
  return result;
}

}  // namespace entente::experiment
