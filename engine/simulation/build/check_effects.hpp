#pragma once

#include "engine/scenario/scenario.hpp"
#include "engine/simulation/state/economy.hpp"

namespace entente::simulation {

/// Whether the economy has what each effect of a partnership or event acts on: links, capacities,
/// accounts, sellers.
void check_effects(const scenario::Entry& entry, const Economy& economy, const Event& event,
                   scenario::Faults& faults);

/// Whether the products whose capacity is changed, shaken or reserved have one, once quarter 0 is
/// calibrated.
void check_capacities(const scenario::Scenario& scenario, const Economy& economy,
                      scenario::Faults& faults);

/// Whether a market, or the product, has a capacity that can change.
bool has_capacity(const Economy& economy, const Scope& scope);

/// Whether a product has a residual buyer.
bool has_residual_buyer(const Economy& economy, Index product);

}  // namespace entente::simulation
