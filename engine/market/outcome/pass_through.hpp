#pragma once

#include <Eigen/Core>

#include "engine/market/demand.hpp"
#include "engine/market/pricing.hpp"

namespace entente::market {

/// Pass-through of marginal costs at a Bertrand-Nash equilibrium, dp_i/dc_k, J×J, row i, column k,
/// by the implicit function theorem on the first-order conditions (Jaffe & Weyl 2013). Rivals'
/// prices respond. Rows of products whose price is fixed, or which are offered to nobody, are 0;
/// a fixed-price product's column is not, since its margin stands in its owner's other conditions.
/// prices: J, those of an equilibrium: the first-order residual is checked against
/// options.tolerance. Throws InvalidInput where prices are no equilibrium or sizes disagree, and
/// Infeasible where the equilibrium is not locally unique, so that no derivative exists.
Eigen::MatrixXd compute_pass_through(const Demand& demand, const Supply& supply,
                                     const Eigen::Ref<const Eigen::VectorXd>& prices,
                                     const PricingOptions& options = {});

}  // namespace entente::market
