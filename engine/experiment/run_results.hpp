#pragma once

#include <atomic>
#include <cstdint>
#include <string>
#include <vector>

#include "engine/experiment/series_view.hpp"
#include "engine/output/manifest.hpp"
#include "engine/output/result_folder.hpp"

namespace entente::experiment {

/// The files of a run's result folder: a CSV per table, summary.csv, then manifest.json.
std::vector<std::string> result_file_names(const std::vector<output::ResultTable>& tables);

/// Adds to a manifest what follows from the outcome: files, convergence, choice
/// paths, deals.
void describe_outcome(const Outcome& outcome, output::Manifest& manifest);

/// Writes all files of a run and commits the folder. `replications` are their numbers, in the order
/// of the results. Throws WriteFailure, and Cancelled when the flag is raised before the commit.
void write_results(output::ResultFolder& folder, const Outcome& outcome,
                   const std::vector<std::uint64_t>& replications,
                   const std::vector<std::string>& quarters, const output::Manifest& manifest,
                   const std::atomic<bool>* cancelled);

}  // namespace entente::experiment
