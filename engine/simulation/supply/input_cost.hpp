#pragma once

#include "engine/simulation/state/quarter.hpp"

namespace entente::simulation {

/// Prices of the inputs that one market's products take and their marginal costs: cost beside
/// inputs plus inputs at what their firm pays, times the partnerships' factors. Input markets are
/// priced.
void compute_marginal_costs(const World& world, Quarter& quarter, Index market);

/// Cost of the inputs in one unit of a product, currency of its market. Input prices must be there.
double cost_of_inputs(const World& world, const Quarter& quarter, Index product);

/// The same without what one market sells, at the prices known so far this quarter.
double cost_of_other_inputs(const World& world, const Quarter& quarter, Index product,
                            Index market);

}  // namespace entente::simulation
