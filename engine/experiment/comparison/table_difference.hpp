#pragma once

#include <string>
#include <vector>

#include "engine/experiment/comparison/keyed_table.hpp"
#include "engine/experiment/comparison/tolerance.hpp"

namespace entente::experiment {

/// One cell in both tables.
struct CellDifference {
  std::vector<std::string> keys;
  std::string column;
  std::string base;
  std::string other;
  double difference = 0.0;  // other − base; NaN when one is no finite number
  double size = 0.0;        // |difference| / max(|base|, |other|); infinite when NaN
};

/// How two tables with the same keys differ.
struct TableDifference {
  std::vector<CellDifference> changed;                   // largest first
  std::vector<CellDifference> equal;                     // within tolerance, in the base's order
  std::vector<std::vector<std::string>> rows_only_base;  // their keys, in the table's order
  std::vector<std::vector<std::string>> rows_only_other;
  std::vector<std::string> columns_only_base;
  std::vector<std::string> columns_only_other;

  bool differs() const;
};

/// Rows are matched by their keys, columns by name. Cells are equal when their texts are, or when
/// both are numbers within tolerance or both NaN.
TableDifference compare_tables(const CsvTable& base, const CsvTable& other,
                               const std::vector<std::string>& keys, const Tolerances& tolerances);

}  // namespace entente::experiment
