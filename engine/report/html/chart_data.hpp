#pragma once

#include <string>
#include <vector>

#include "engine/report/html/contrast.hpp"
#include "engine/report/html/largest_changes.hpp"

namespace entente::report {

/// What the page's script draws, as JSON: means and the 10% and 90% quantiles, five digits each.
/// Markets, products and firms come by the size of their change. Not yet safe inside HTML.
std::string chart_data(const Contrast& contrast, const std::vector<Change>& changes);

}  // namespace entente::report
