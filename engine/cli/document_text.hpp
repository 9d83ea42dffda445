#pragma once

#include <filesystem>
#include <string>
#include <vector>

#include "engine/output/result_table.hpp"
#include "engine/scenario/field.hpp"

namespace entente::cli {

/// scenarios/README.md: how to write one, the scenarios in `folder`, the key reference.
std::string scenarios_page(const std::filesystem::path& folder, const scenario::Schema& schema);

/// results/README.md: what a result folder holds, and every column of every file.
std::string results_page(const std::vector<output::ResultTable>& tables);

}  // namespace entente::cli
