#pragma once

#include <Eigen/Core>

#include "engine/market/demand.hpp"
#include "engine/market/pricing.hpp"
#include "engine/simulation/state/quarter.hpp"

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

/// Prices that stand whatever this quarter's demand is, J: held ones, those by a rule without best
/// reply, and of products without their inputs; NaN of the sellers who look at demand.
Eigen::VectorXd settled_prices(const World& world, const Quarter& quarter, Index market);

/// Holds the prices that are settled; what such sellers cannot deliver is rationed.
void hold_settled_prices(const Eigen::Ref<const Eigen::VectorXd>& settled, PostedMarket& posted);

}  // namespace entente::simulation
