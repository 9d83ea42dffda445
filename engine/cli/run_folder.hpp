#pragma once

#include <string>
#include <vector>

#include "engine/experiment/comparison/run_comparison.hpp"
#include "engine/simulation/model.hpp"

namespace entente::cli {

/// A result folder of a run, its tables read when they are asked for. Appends a fault when it is
/// none.
experiment::ComparedRun open_run_folder(const std::string& name,
                                        const std::vector<simulation::Model>& models,
                                        scenario::Faults& faults);

}  // namespace entente::cli
