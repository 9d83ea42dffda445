#pragma once

#include "engine/population/population.hpp"

namespace entente::population {

/// The types representation: every flow is its expectation.
Purchases choose_by_types(const Population& population, const Activity& activity,
                          const Eigen::Ref<const Eigen::ArrayXXd>& probability);
void choose_again_by_types(Purchases& purchases, const Eigen::Ref<const Eigen::ArrayXXd>& served,
                           const Eigen::Ref<const Eigen::ArrayXXd>& probability);
void settle_types(Population& population, const Activity& activity, const Purchases& purchases,
                  WithoutPurchase rule);

}  // namespace entente::population
