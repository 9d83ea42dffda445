#pragma once

#include <optional>
#include <string>
#include <vector>

#include "engine/output/csv_reader.hpp"
#include "engine/scenario/diagnostic.hpp"

namespace entente::experiment {

/// A CSV with a header: as many cells in every row as there are columns.
struct CsvTable {
  std::string file;  // as the user names it
  std::vector<std::string> columns;
  std::vector<output::CsvRecord> rows;

  std::optional<std::size_t> column(const std::string& name) const;
};

/// Appends faults of a text that is no such table.
CsvTable read_table(const std::string& file, const std::string& text, scenario::Faults& faults);

/// Number of a cell: decimal, `inf` and `nan` in any case. Nothing when it is text or empty.
std::optional<double> cell_number(const std::string& cell);

/// The columns that name a row of both tables: those given; else those declared for a result file
/// of this name, where both tables have them; else the fewest leading columns of text, quarters and
/// integers that tell every row from every other. Faults when there are none, a column is missing,
/// or two rows of a table share their keys; the fault then proposes more.
std::vector<std::string> find_keys(const CsvTable& base, const CsvTable& other,
                                   const std::vector<std::string>& given, scenario::Faults& faults);

}  // namespace entente::experiment
