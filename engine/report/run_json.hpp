#pragma once

#include <string>
#include <vector>

namespace entente::report {

/// Result folders of runs as one JSON document, `{"runs": […]}`, each with what its manifest says
/// of the run, its deals, and of the main series of markets, products and firms the statistics of
/// summary.csv, in the order of the quarters. Numbers that do not exist are null. Throws
/// std::runtime_error where a folder cannot be read.
std::string run_json(const std::vector<std::string>& folders);

}  // namespace entente::report
