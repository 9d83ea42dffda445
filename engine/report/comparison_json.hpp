#pragma once

#include <string>
#include <vector>

#include "engine/experiment/comparison/comparison_file.hpp"

namespace entente::report {

/// A comparison of runs as JSON: for each other run what differs, largest first, and with `all`
/// what does not. Numbers that do not exist are null.
std::string comparison_json(const std::string& base,
                            const std::vector<experiment::NamedComparison>& comparisons, bool all);

/// The differences of two CSVs as JSON.
std::string table_difference_json(const experiment::CsvTable& base,
                                  const experiment::CsvTable& other,
                                  const std::vector<std::string>& keys,
                                  const experiment::TableDifference& difference, bool all);

}  // namespace entente::report
