#pragma once

#include <Eigen/Core>

#include "engine/market/certificate/decision_maker.hpp"

namespace entente::market {

struct BestResponseOptions {
  double gap = 1e-6;  // of profit: peaks along one price are excluded beyond it
  int starts = 48;    // points of the box of prices that are tried, with more than one product
  int sweeps = 12;    // local maxima from which every product's line is searched
};

/// Best prices found of one decision maker, all other prices held.
struct BestResponse {
  Eigen::VectorXd price;       // of the maker's products, in their order
  double profit_before = 0.0;  // objective per active buyer at the given prices
  double profit = 0.0;         // and at the best prices
  double gain = 0.0;           // (profit − profit_before) / profit_before, ≥ 0
  int evaluations = 0;
};

/// Global search. One product: branch and bound along its price (PriceLine). Several: ProfitSearch,
/// which is reliable but no proof. Where profit_before is not above 0 the gain is relative to
/// Σ_j |weight_j margin_j| s_j, and +∞ where that is 0.
///
/// prices: J. Throws Infeasible, naming the cell, where profit grows without bound: η ≤ 1, or
/// buyers without an outside good who can buy from nobody else. Throws InvalidInput as MovingShares
/// does.
BestResponse find_best_response(const Demand& demand, const Supply& supply,
                                const DecisionMaker& maker,
                                const Eigen::Ref<const Eigen::VectorXd>& prices,
                                const BestResponseOptions& options = {});

}  // namespace entente::market
