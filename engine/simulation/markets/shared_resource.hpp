#pragma once

#include "engine/market/capacity.hpp"
#include "engine/simulation/markets/posted_market.hpp"

namespace entente::simulation {

/// Capacity that the sellers of a market price by: each product's own, then the market's shared
/// resources, in the economy's order. Products whose price is held take their part of a shared
/// resource as they did at last quarter's prices, pro rata where it is short; what they leave is
/// the others'. size: active buyers.
market::Resources describe_resources(const World& world, const Quarter& quarter,
                                     const PostedMarket& posted, double size, Index market);

/// What of each product of a market can be made this quarter at its orders, J: its own capacity,
/// and a shared resource pro rata of what orders would take. Sets the market's resource_wanted.
Eigen::VectorXd production_limit(const World& world, Quarter& quarter, Index market);

}  // namespace entente::simulation
