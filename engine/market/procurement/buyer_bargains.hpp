#pragma once

#include <Eigen/Core>

#include "engine/market/demand.hpp"
#include "engine/market/failure.hpp"
#include "engine/market/pricing.hpp"

namespace entente::market {

/// Prices that each seller bargains over with each kind of buyer apart, all other prices held (Nash
/// in Nash; Draganska, Klapper & Villas-Boas 2010; Grennan 2013). A cell is a buyer with prices of
/// its own; J products, C cells. With b the *buyer's* weight, s the cell's shares, L its logsum and
/// −i for what holds where i is not to be had, the price p_i maximises
///
///     GFT_i^(1−b) · (L − L_−i)^b,     GFT_i = Σ_j Ω'_ij m_j (s_j − s_j,−i),   m_j = r_j p_j − c_j
///
/// which at every seller's optimum is, with μ the buyer's disutility of price, η/p_i or α,
///
///     (1 − b)·(r_i s_i + Σ_j Ω'_ij m_j ds_j/dp_i)·(L − L_−i) = b·μ s_i·GFT_i.
///
/// At b = 0 these are Bertrand-Nash prices of each cell, at b = 1 a firm's only product goes at
/// cost.
struct BuyerPrices {
  Eigen::ArrayXXd price;  // J×C, currency per unit
  double residual = 0.0;  // largest relative step of a price that its condition still asks for
  int iterations = 0;     // of the cell that took most
};

/// Supply as for compute_bertrand_prices, with fringes of one firm; held prices hold in all cells.
/// buyer_weight: J×C, in [0,1]. start: J×C; products not offered to a cell keep it. Throws
/// InvalidInput; Infeasible where a product is all that its buyers can have, or demand is too
/// inelastic to bound a price; NoConvergence.
BuyerPrices compute_buyer_prices(const Demand& demand, const Supply& supply,
                                 const Eigen::Ref<const Eigen::ArrayXXd>& buyer_weight,
                                 const Eigen::Ref<const Eigen::ArrayXXd>& start,
                                 const PricingOptions& options = {});

/// A price that no bargaining weight gives.
class NoBuyerBargain : public Infeasible {
 public:
  NoBuyerBargain(const std::string& message, Eigen::Index product_, Eigen::Index cell_)
      : Infeasible(message), product(product_), cell(cell_) {}
  Eigen::Index product;
  Eigen::Index cell;
};

/// Buyers' weights at which `price`, J×C, are the bargains' outcome, J×C. NaN where nothing is
/// bargained over: not offered, or the price is held. Throws NoBuyerBargain where a price lies
/// above the posted one or below what the seller could do without.
Eigen::ArrayXXd compute_buyer_weights(const Demand& demand, const Supply& supply,
                                      const Eigen::Ref<const Eigen::ArrayXXd>& price);

}  // namespace entente::market
