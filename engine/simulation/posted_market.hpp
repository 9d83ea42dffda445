#pragma once

#include <Eigen/Core>

#include "engine/market/demand.hpp"
#include "engine/market/pricing.hpp"
#include "engine/simulation/quarter.hpp"

namespace entente::simulation {

/// What the sellers of one market of posted prices go by when they set them: the season's mean
/// demand, their costs, and what they expect to have. J products of the market.
struct PostedMarket {
  market::Demand demand;
  market::Supply supply;
  Eigen::VectorXd capacity;  // J, quantity units; +∞ where rationing does the work instead
};

/// Marginal costs and input prices of the quarter must be there.
PostedMarket describe_posted_market(const World& world, const Quarter& quarter, Index market);

}  // namespace entente::simulation
