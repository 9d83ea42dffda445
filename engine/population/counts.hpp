#pragma once

#include "engine/population/population.hpp"

namespace entente::population {

/// The counts representation: how many consumers of a cell are new, active, choose what, are drawn
/// together, from streams of (market, cell). The same distribution as agents whose tastes are the
/// cells', at a cost that does not depend on how many there are.
Purchases choose_by_counts(const Population& population, const Activity& activity,
                           const Eigen::Ref<const Eigen::ArrayXXd>& probability, const Draws& draws,
                           std::uint32_t quarter);
void choose_again_by_counts(const Population& population, Purchases& purchases,
                            const Eigen::Ref<const Eigen::ArrayXXd>& served,
                            const Eigen::Ref<const Eigen::ArrayXXd>& probability,
                            const Draws& draws, std::uint32_t quarter, std::uint32_t round);
void settle_counts(Population& population, const Purchases& purchases, WithoutPurchase rule);

/// Consumers who stay with what they hold, J + 1, fraction of all.
Eigen::VectorXd staying_by_counts(const Population& population, const Purchases& purchases);

}  // namespace entente::population
