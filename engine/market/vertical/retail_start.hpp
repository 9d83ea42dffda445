#pragma once

#include <Eigen/Core>

#include "engine/market/vertical/link_shares.hpp"
#include "engine/market/vertical/link_values.hpp"

namespace entente::market {

/// Retail prices from which Newton's method is likely to get home: cost plus `scale` times the
/// markup of a single seller of few buyers over b, raised together until no more than half of the
/// buyers buy, where there is an outside good. Above the equilibrium conditions are nearly linear;
/// below it, where somebody has nearly all buyers, they are flat. Fills prices, n.
void make_retail_start(const LinkValues& values, LinkShares& shares, double scale,
                       Eigen::VectorXd& prices);

}  // namespace entente::market
