#pragma once

#include <vector>

#include "engine/experiment/backtest/backtest.hpp"

namespace entente::experiment {

/// For each [[branch]] of the scenario the forecasts of its market's observed series, over the
/// replications in which its link has access in the outcome's last quarter and over the others.
std::vector<BranchForecast> branch_forecasts(const std::vector<ObservedSeries>& observed,
                                             const Outcome& outcome,
                                             const scenario::Scenario& scenario,
                                             const simulation::Economy& economy);

}  // namespace entente::experiment
