#pragma once

#include <Eigen/Core>
#include <vector>

#include "engine/market/pricing.hpp"

namespace entente::market {

/// Bertrand-Nash prices of plain logit by its aggregator (Nocke & Schutz 2018): with H the sum of
/// e^utility over all that is offered, the markup α(p − c) of firm f is one number
/// ι_f = 1/(1 − s_f) for all its products, s_f = T_f e^{−ι_f}/H with T_f = Σ_j e^{δ_j − α c_j}, and
/// H solves Σ_f s_f(H) + 1/H = 1 (without 1/H where there is no outside good). The equilibrium is
/// unique. Keeps its memory from market to market.
class LogitPriceSolver {
 public:
  /// Whether the market is one: a single cell, λ = 1, linear price, firms without stakes in each
  /// other, nothing held, discounted or sold by a fringe.
  bool accepts(const Demand& demand, const Supply& supply);

  /// Solves a market it accepted. Throws NoConvergence, as where a firm without rivals and outside
  /// good has no best price.
  void solve(const Demand& demand, const Supply& supply, const PricingOptions& options);

  Eigen::VectorXd price;  // J
  double residual = 0.0;  // max |p − ζ(p)| / max(1, |p|)
  int iterations = 0;     // of H

 private:
  struct Firm {
    double log_appeal = 0.0;   // ln T_f
    double logit_share = 0.0;  // x = ln(s/(1 − s))
  };
  double measure_excess(double log_aggregator, double& slope);
  void find_aggregator();
  void measure_residual(const Demand& demand, const Supply& supply);

  bool outside_good_ = true;
  std::vector<int> firm_of_;  // J, −1 where not offered
  std::vector<Firm> firms_;
  Eigen::VectorXd appeal_;  // J, δ_j − α c_j
  Eigen::VectorXd share_;   // J
};

}  // namespace entente::market
