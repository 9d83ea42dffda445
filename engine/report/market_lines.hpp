#pragma once

#include <cstddef>
#include <string>
#include <vector>

#include "engine/experiment/series_view.hpp"
#include "engine/report/screen_text.hpp"

namespace entente::report {

/// A table of the markets, two lines each: its largest products' shares; then revenue, price index
/// and concentration as a course over time, first and last mean, and the 10–90% range where the
/// columns allow it. At most `limit` lines with its headings; what is left out is told. Empty when
/// no market was recorded.
std::vector<std::string> market_lines(const experiment::Outcome& outcome, std::size_t limit,
                                      const ScreenStyle& style);

}  // namespace entente::report
