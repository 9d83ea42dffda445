#pragma once

#include <filesystem>
#include <string>

#include "engine/experiment/comparison/sample_table.hpp"
#include "engine/output/result_table.hpp"
#include "engine/scenario/diagnostic.hpp"

namespace entente::experiment {

/// A table from its CSV, rows in any order; its values go to the disk of `scratch_folder`. It is
/// read twice, so that memory holds neither. `declared` gives the keys, and the units of the series
/// it knows; every other column is a series. Appends faults of a file that is no such table. Throws
/// WriteFailure.
SampleTable read_sample_table(const std::string& file, const output::ResultTable& declared,
                              const std::filesystem::path& scratch_folder,
                              scenario::Faults& faults);

}  // namespace entente::experiment
