#pragma once

#include <filesystem>
#include <string>
#include <vector>

#include "engine/experiment/comparison/run_comparison.hpp"
#include "engine/simulation/model.hpp"

namespace entente::cli {

/// A result folder of a run. Its tables are read when they are asked for, and wait on the disk of
/// `scratch_folder`. Appends a fault when it is none.
experiment::ComparedRun open_run_folder(const std::string& name,
                                        const std::vector<simulation::Model>& models,
                                        const std::filesystem::path& scratch_folder,
                                        scenario::Faults& faults);

}  // namespace entente::cli
