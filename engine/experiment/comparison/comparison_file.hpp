#pragma once

#include <string>
#include <vector>

#include "engine/experiment/comparison/run_comparison.hpp"
#include "engine/experiment/comparison/table_difference.hpp"
#include "engine/output/csv.hpp"
#include "engine/output/result_table.hpp"

namespace entente::experiment {

/// The columns of comparison.csv of runs, for the column dictionary.
std::vector<output::Series> comparison_columns();

/// A run and how it compares.
struct NamedComparison {
  std::string name;  // of the other run
  RunComparison comparison;
};

/// Header and rows: what differs, and with `all` what does not.
void write_comparison(const std::vector<NamedComparison>& comparisons, bool all,
                      const output::TextSink& sink);

/// The differences of two CSVs as a CSV: what happened, the keys, the column, both cells.
void write_table_difference(const TableDifference& difference, const std::vector<std::string>& keys,
                            bool all, const output::TextSink& sink);

}  // namespace entente::experiment
