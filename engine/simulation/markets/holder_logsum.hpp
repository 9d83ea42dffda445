#pragma once

#include "engine/market/demand.hpp"
#include "engine/simulation/markets/market_demand.hpp"

namespace entente::simulation {

/// Demand of one market's consumers who hold nothing: a cell a type, T, of weight 1.
market::Demand build_type_demand(const World& world, const Quarter& quarter, Index market,
                                 Season season);

/// Inclusive values of all cells by product held, C, from the choice of those who hold nothing: a
/// bonus κ on one product lifts its type's D to D (1 + (e^(κ/λ) − 1) s_j|inside), so that no weight
/// but those of the T types has to be computed. One nest.
Eigen::VectorXd compute_holder_logsums(const market::Choice& choice, const Market& market,
                                       bool outside_good);

}  // namespace entente::simulation
