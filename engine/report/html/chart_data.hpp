#pragma once

#include <string>
#include <vector>

#include "engine/report/html/largest_changes.hpp"
#include "engine/report/html/overlay.hpp"

namespace entente::report {

/// What the page's script draws, as JSON: means and the 10% and 90% quantiles, five digits each.
/// A fan has a value for each quarter of any side. Markets, products and firms of any side come by
/// the size of their largest change. Not yet safe inside HTML.
std::string chart_data(const Overlay& overlay, const std::vector<std::vector<Change>>& changes);

}  // namespace entente::report
