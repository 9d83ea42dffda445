#pragma once

#include <string>
#include <vector>

#include "engine/output/result_table.hpp"

namespace entente::output {

/// A Markdown section of one file: what a row is, and a line for each column with unit and meaning.
std::string column_section(const std::string& file, const std::string& meaning,
                           const std::vector<Series>& columns);

/// The sections of result tables as write_csv writes them. Their rows are not looked at.
std::string column_dictionary(const std::vector<ResultTable>& tables);

}  // namespace entente::output
