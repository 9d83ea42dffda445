#pragma once

#include <string>
#include <vector>

#include "engine/experiment/comparison/comparison_file.hpp"
#include "engine/report/screen_text.hpp"

namespace entente::report {

/// One screen a run that is compared: how sure, how many figures differ, and for each series that
/// does the course of its difference and the quarter where it is largest; with `all` every figure,
/// series by series. Empty when nothing differs, unless `all`.
std::string comparison_screen(const std::string& base,
                              const std::vector<experiment::NamedComparison>& comparisons, bool all,
                              const ScreenStyle& style);

/// What differs between two CSVs, largest first; with `all` every cell.
std::string table_difference_screen(const experiment::CsvTable& base,
                                    const experiment::CsvTable& other,
                                    const std::vector<std::string>& keys,
                                    const experiment::TableDifference& difference, bool all,
                                    const ScreenStyle& style);

}  // namespace entente::report
