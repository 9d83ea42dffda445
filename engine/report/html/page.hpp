#pragma once

#include <string>
#include <vector>

#include "engine/report/html/contrast.hpp"

namespace entente::report {

/// The whole page of one run, or of several against the first: one HTML file that opens offline and
/// may connect nowhere.
std::string report_page(std::vector<ReportedRun> runs);

}  // namespace entente::report
