#pragma once

#include <string>

#include "engine/scenario/diagnostic.hpp"
#include "engine/scenario/scenario.hpp"

namespace entente::experiment {

/// What keeps a scenario from branching off a saved run in `quarter`: every difference that could
/// have shown before it. Only what deals and events do from then on may differ, the number of
/// quarters and of replications, names, titles, sources and notes, and what back-tests alone read.
/// The replications of two scenarios without such a difference are the same up to that quarter.
/// `saved_name` says whose `saved` is.
scenario::Faults find_history_differences(const scenario::Scenario& scenario,
                                          const scenario::Scenario& saved,
                                          scenario::QuarterDate quarter,
                                          const std::string& saved_name);

}  // namespace entente::experiment
