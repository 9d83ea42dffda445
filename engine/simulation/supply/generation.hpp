#pragma once

#include "engine/simulation/state/world.hpp"

namespace entente::simulation {

/// What a product's input is of in a quarter, by generation of its market, sums to 1: each later
/// generation takes over from the one before by odds that grow exponentially (Fisher & Pry 1971).
Eigen::VectorXd generation_mix(const Economy& economy, const Input& input, int quarter);

/// Access of a link as its buyer needs it now: by generation, weighted with what the buyer's input
/// is of; the residual buyer needs the first generation.
double mean_access(const World& world, Index link);

/// Whether a generation is made already.
bool is_made(const Economy& economy, const Market& market, Index generation, int quarter);

}  // namespace entente::simulation
