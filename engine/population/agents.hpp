#pragma once

#include "engine/population/population.hpp"

namespace entente::population {

/// The agents representation: agent i of a market has its own keyed draws, by (market, i).
Purchases choose_by_agents(const Population& population, const Activity& activity,
                           const Eigen::Ref<const Eigen::ArrayXXd>& probability, const Draws& draws,
                           std::uint32_t quarter);
void choose_again_by_agents(const Population& population, Purchases& purchases,
                            const Eigen::Ref<const Eigen::ArrayXXd>& served,
                            const Eigen::Ref<const Eigen::ArrayXXd>& probability,
                            const Draws& draws, std::uint32_t quarter, std::uint32_t round);
void settle_agents(Population& population, const Purchases& purchases, WithoutPurchase rule);

}  // namespace entente::population
