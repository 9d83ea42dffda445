#pragma once

#include "engine/scenario/scenario.hpp"
#include "engine/simulation/state/economy.hpp"

namespace entente::simulation {

/// Turns the tables of a scenario into entities with indices, and checks what concerns several
/// keys: parties, dates, exclusivity, cycles of the market graph. Quantities are not there yet.
void build_entities(const scenario::Scenario& scenario, Economy& economy, scenario::Faults& faults);

/// Generations, shared resources, inputs and supply contracts; needs markets, products, accounts.
void build_supply(const scenario::Scenario& scenario, Economy& economy, scenario::Faults& faults);

/// Resolves partnerships; needs all entities.
void build_partnerships(const scenario::Scenario& scenario, Economy& economy,
                        scenario::Faults& faults);

/// Resolves dated events and shocks; need all entities.
void build_events(const scenario::Scenario& scenario, Economy& economy, scenario::Faults& faults);
void build_shocks(const scenario::Scenario& scenario, Economy& economy, scenario::Faults& faults);

/// Start and end of a partnership or event; `what` is it, with its article.
void read_dates(const scenario::Entry& entry, const std::string& what, const Economy& economy,
                Event& event, scenario::Faults& faults);

/// Whether embedded defaults have use to move; quarter 0's choices must be calibrated.
void check_defaults(const scenario::Scenario& scenario, const Economy& economy,
                    scenario::Faults& faults);

}  // namespace entente::simulation
