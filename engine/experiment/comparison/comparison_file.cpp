#include "engine/experiment/comparison/comparison_file.hpp"

#include <cmath>

namespace entente::experiment {

namespace {

using output::csv_number;
using Cells = std::vector<std::string>;

Cells figure_cells(const std::string& other, const FigureDifference& figure) {
  const Difference& difference = figure.difference;
  Cells cells = {other,
                 name_of(figure.verdict),
                 figure.table,
                 figure.quarter,
                 figure.entity,
                 figure.series,
                 figure.unit,
                 std::to_string(difference.base_count),
                 std::to_string(difference.other_count)};
  for (const double number :
       {difference.base_mean, difference.other_mean, difference.mean, difference.relative,
        difference.standard_error, difference.low, difference.high, difference.p_value,
        figure.p_holm, figure.p_benjamini_hochberg, difference.equivalence_p, figure.band_low,
        figure.band_high, difference.variance_reduction})
    cells.push_back(csv_number(number));
  return cells;
}

Cells absence_cells(const std::string& other, const Absence& absence, std::size_t columns) {
  Cells cells(columns);
  cells[0] = other;
  cells[1] = absence.only_base ? "only in base" : "only in other";
  cells[2] = absence.table;
  cells[4] = absence.what;
  return cells;
}

}  // namespace

std::vector<output::Series> comparison_columns() {
  return {
      {"other", "text", "What is compared with the base, as it was named."},
      {"verdict", "text",
       "exact: every replication differs by the same; significant: p_holm is at most 0.05; "
       "existence: in some replications only one of them has a value; noise: tested, not "
       "significant; untested: too few replications; identical; only in base, only in other: a "
       "row, column or table that the other side lacks."},
      {"table", "text", "The CSV that the series is a column of."},
      {"quarter", "text", "Calendar quarter, or `total`: the discounted sum over quarters."},
      {"entity", "text", "The keys of the row, joined by '/'."},
      {"series", "text", "The column."},
      {"unit", "text", "Its unit, which holds for means, differences and intervals."},
      {"base_n", "count", "Replications of the base that have a value."},
      {"other_n", "count", "Replications of the other that have a value."},
      {"base_mean", "of the series", "Mean over the replications that are compared."},
      {"other_mean", "of the series", "Likewise."},
      {"difference", "of the series", "other_mean − base_mean."},
      {"relative", "fraction", "difference / |base_mean|; empty when that is 0."},
      {"standard_error", "of the series",
       "Of the difference: of paired differences, or Welch's where replications are not paired."},
      {"low", "of the series", "95% t interval; of zero width when exact."},
      {"high", "of the series", "Likewise."},
      {"p_value", "0 to 1", "Two-sided t test; empty without a test."},
      {"p_holm", "0 to 1", "The same, for all tests of the comparison together (Holm)."},
      {"p_bh", "0 to 1", "The same as a rate of false discoveries (Benjamini-Hochberg)."},
      {"equivalence_p", "0 to 1",
       "With --margin: two one-sided tests (TOST) that the difference is not within it."},
      {"band_low", "of the series",
       "95% band that holds all quarters of the series at once (sup-t, bootstrap); paired only."},
      {"band_high", "of the series", "Likewise."},
      {"variance_reduction", "ratio",
       "Variance of an unpaired difference over that of the paired one."}};
}

void write_comparison(const std::vector<NamedComparison>& comparisons, bool all,
                      const output::TextSink& sink) {
  const auto columns = comparison_columns();
  Cells names;
  names.reserve(columns.size());
  for (const auto& column : columns)
    names.push_back(column.name);
  sink(output::csv_line(names));
  for (const auto& [name, comparison] : comparisons) {
    for (const auto& absence : comparison.absences)
      sink(output::csv_line(absence_cells(name, absence, columns.size())));
    for (const auto& figure : comparison.figures) {
      if (!all && figure.verdict == Finding::identical) continue;
      sink(output::csv_line(figure_cells(name, figure)));
    }
  }
}

void write_table_difference(const TableDifference& difference, const std::vector<std::string>& keys,
                            bool all, const output::TextSink& sink) {
  Cells header = {"change"};
  header.insert(header.end(), keys.begin(), keys.end());
  header.insert(header.end(), {"column", "base", "other", "difference"});
  sink(output::csv_line(header));

  const auto line = [&](const std::string& change, Cells cells, const Cells& rest) {
    cells.insert(cells.begin(), change);
    cells.resize(keys.size() + 1);
    cells.insert(cells.end(), rest.begin(), rest.end());
    sink(output::csv_line(cells));
  };
  for (const auto& column : difference.columns_only_base)
    line("column only in base", {}, {column, "", "", ""});
  for (const auto& column : difference.columns_only_other)
    line("column only in other", {}, {column, "", "", ""});
  for (const auto& row : difference.rows_only_base)
    line("row only in base", row, {"", "", "", ""});
  for (const auto& row : difference.rows_only_other)
    line("row only in other", row, {"", "", "", ""});
  const auto cell_lines = [&](const std::string& change, const std::vector<CellDifference>& cells) {
    for (const auto& cell : cells) {
      line(change, cell.keys, {cell.column, cell.base, cell.other, csv_number(cell.difference)});
    }
  };
  cell_lines("changed", difference.changed);
  if (all) cell_lines("equal", difference.equal);
}

}  // namespace entente::experiment
