#pragma once

#include <string>
#include <vector>

#include "engine/experiment/precision/precision_goal.hpp"
#include "engine/output/manifest.hpp"

namespace entente::experiment {

/// What a manifest says of a goal before the run.
output::Manifest::Stopping describe_goal(const PrecisionGoal& goal,
                                         const std::vector<output::ResultTable>& tables);

/// Adds how the search for it ended. `quarter`: the name of the last.
void describe_end(const StoppingSearch& search, const PrecisionGoal& goal,
                  const std::vector<output::ResultTable>& tables, const std::string& quarter,
                  output::Manifest::Stopping& record);

}  // namespace entente::experiment
