#pragma once

#include <Eigen/Core>

#include "engine/market/demand.hpp"

namespace entente::market {

/// Change of each cell's inclusive value from (before, prices) to (after, prices), C. Where
/// products change little it is summed from their own changes, weighted by shares, and not taken as
/// a difference of two logsums: relative accuracy then does not depend on the size of the logsum.
/// The products may enter and leave; cells and price term must agree. Throws InvalidInput for
/// demand that is none, sizes that disagree, or prices that are not finite (log term: not above 0)
/// where the product is offered.
Eigen::VectorXd compute_logsum_change(const Demand& before,
                                      const Eigen::Ref<const Eigen::VectorXd>& before_prices,
                                      const Demand& after,
                                      const Eigen::Ref<const Eigen::VectorXd>& after_prices);

}  // namespace entente::market
