#pragma once

#include <Eigen/Core>
#include <vector>

#include "engine/scenario/scenario.hpp"
#include "engine/simulation/state/quarter.hpp"
#include "engine/simulation/state/world.hpp"

namespace entente::simulation {

/// Preferences of every market at quarter 0, from observed flows and elasticities or as given.
/// `quarter` holds the expectations of quarter 0; `bought` what accounts bought. Fills the economy
/// and the holdings of world.populations (by types).
void calibrate_preferences(const scenario::Scenario& scenario,
                           const std::vector<Eigen::MatrixXd>& bought, Economy& economy,
                           World& world, const Quarter& quarter, scenario::Faults& faults);

/// Marginal costs beside inputs, capacities that bind, bargaining weights and fixed costs at which
/// the observed prices are the equilibrium of quarter 0; where preferences are given, quarter 0
/// itself.
void calibrate_costs(const scenario::Scenario& scenario, Economy& economy, World& world,
                     Quarter& quarter, scenario::Faults& faults);

/// What quarter 0's active buyers choose at the world's prices: the market's initial_share,
/// initial_logsum and initial_spending.
void remember_initial_choice(const World& world, const Quarter& quarter, Market& market, Index m);

/// The fixed cost that a reported margin leaves at a marginal cost, and whether that covers the
/// regulated rate in it.
void set_fixed_cost(const scenario::Entry& entry, const Market& market, double cost,
                    Product& product, scenario::Faults& faults);

}  // namespace entente::simulation
