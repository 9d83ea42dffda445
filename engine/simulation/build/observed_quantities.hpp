#pragma once

#include <Eigen/Core>
#include <vector>

#include "engine/scenario/scenario.hpp"
#include "engine/simulation/state/economy.hpp"

namespace entente::simulation {

/// Quantities of quarter 0 in every market, from shares or volumes, revenue or size; fills the
/// quantities of products, markets, accounts' shares and links. Returns, for each market, what each
/// account bought (accounts × J, quantity units; empty without accounts). Where preferences are
/// given, only the base is known before.
std::vector<Eigen::MatrixXd> observe_quantities(const scenario::Scenario& scenario,
                                                Economy& economy, scenario::Faults& faults);

}  // namespace entente::simulation
