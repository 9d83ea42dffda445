#pragma once

#include <Eigen/Core>

#include "engine/market/demand.hpp"

namespace entente::market {

/// Mean utilities δ, J, at which active buyers together choose `shares` (J, of all active buyers)
/// at `prices`, when `demand.utility` holds everything but δ (Berry 1994). Throws NoConvergence.
Eigen::VectorXd compute_mean_utility(const Demand& demand,
                                     const Eigen::Ref<const Eigen::VectorXd>& prices,
                                     const Eigen::Ref<const Eigen::VectorXd>& shares);

}  // namespace entente::market
