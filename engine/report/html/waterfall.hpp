#pragma once

#include <string>
#include <vector>

#include "engine/experiment/attribution_table.hpp"

namespace entente::report {

/// The figures by the size of their change, relative to both totals so that units do not matter.
std::vector<experiment::Attribution> most_affected_first(
    std::vector<experiment::Attribution> attributions);

/// What the deals changed of a figure and which of them did most.
std::string sentence(const experiment::Attribution& attribution);

}  // namespace entente::report
