#pragma once

#include "engine/scenario/field.hpp"
#include "engine/scenario/scenario.hpp"
#include "engine/simulation/state/economy.hpp"

namespace entente::simulation {

/// [[history]]: what was observed up to quarter 0. The model does not read it; naive forecasts do.
scenario::Table history_table();

/// [[branch]]: an event that a forecast splits by.
scenario::Table branch_table();

/// Reports histories of series that their market does not have, of firms that sell nothing there,
/// of quarters after quarter 0, of a quarter twice, and two histories of one series.
void check_history(const scenario::Scenario& scenario, const Economy& economy,
                   scenario::Faults& faults);

}  // namespace entente::simulation
