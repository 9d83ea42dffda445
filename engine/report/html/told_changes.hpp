#pragma once

#include <string>
#include <vector>

#include "engine/report/html/contrast.hpp"
#include "engine/report/html/largest_changes.hpp"

namespace entente::report {

/// HTML that says what is set against what, and the largest change of each series: those beyond
/// chance first, then what may be chance.
std::string told_changes(const Contrast& contrast, const std::vector<Change>& changes);

/// An HTML table of the largest changes, at most three of a series. Empty when none is to be seen.
std::string changes_table(const Contrast& contrast, const std::vector<Change>& changes);

}  // namespace entente::report
