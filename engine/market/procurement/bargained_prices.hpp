#pragma once

#include <Eigen/Core>

#include "engine/market/demand.hpp"
#include "engine/market/pricing.hpp"

namespace entente::market {

/// Prices over which each seller bargains with its buyers, all other prices held (Nash in Nash;
/// Draganska, Klapper & Villas-Boas 2010, with buyers who consume): the price of i splits the
/// buyers' loss of surplus and the seller's loss of profit if i were not to be had. With b_i the
/// *buyer's* weight and L_i = −ln(1 − s_i),
///   m_i − Σ_j Ω'_ij s_j m_j = L_i / (α (L_i + b_i/(1−b_i) s_i/(1−s_i))).
/// At b = 0 these are Bertrand-Nash prices, at b = 1 the price of a firm's only product is its
/// cost. Supply as for compute_bertrand_prices; the members of a fringe bargain apart, with share
/// s/n.
///
/// buyer_weight: J, in [0,1]. Plain logit in one cell with a linear price term, with or without an
/// outside good. Prices.residual is max |m_i − required|/received/max(1, p), the own product's term
/// solved for, which is stricter than the ζ residual by the factor 1/(1 − s_i). Throws InvalidInput
/// for other demand, sizes, costs or weights; Infeasible where one owner sells everything to buyers
/// without an outside good; NoConvergence above tolerance.
Prices compute_bargained_prices(const Demand& demand, const Supply& supply,
                                const Eigen::Ref<const Eigen::VectorXd>& buyer_weight,
                                const PricingOptions& options = {});

}  // namespace entente::market
