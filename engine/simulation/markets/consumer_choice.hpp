#pragma once

#include <vector>

#include "engine/population/agents.hpp"
#include "engine/simulation/state/quarter.hpp"

namespace entente::simulation {

/// Whether consumers of a market have tastes that differ.
bool consumers_differ(const Market& market);

/// Durables are kept without a purchase, subscriptions end.
population::WithoutPurchase without_purchase(const Market& market);

/// Makes the individuals of every market of consumers that is represented by agents, unless they
/// are there.
void recruit_consumers(World& world, const population::Draws& draws);

/// This quarter's active buyers of a market choose at its posted prices: cells by their
/// probabilities, agents one by one.
population::Purchases choose_products(World& world, const Quarter& quarter, Index market,
                                      const population::Draws& draws);

/// Those whom `served` (rows of the flow × J, [0,1]) leaves without choose again, without the
/// products that are sold out.
void choose_again(World& world, const Quarter& quarter, Index market,
                  const std::vector<bool>& sold_out,
                  const Eigen::Ref<const Eigen::ArrayXXd>& served, const population::Draws& draws,
                  std::uint32_t round, population::Purchases& purchases);

}  // namespace entente::simulation
