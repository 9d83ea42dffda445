#pragma once

#include <string>

#include "engine/report/html/contrast.hpp"

namespace entente::report {

/// The whole page: one HTML file that opens offline and may connect nowhere.
std::string report_page(const ReportedRun& run, const ReportedRun* base);

}  // namespace entente::report
