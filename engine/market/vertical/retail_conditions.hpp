#pragma once

#include <Eigen/Core>

#include "engine/market/vertical/link_shares.hpp"
#include "engine/market/vertical/link_values.hpp"

namespace entente::market {

/// First-order conditions of the buyers' retail prices, Σ_j v_fj ds_j/dp_i + s_i = 0 with f the
/// buyer of link i, divided by the cells' response so that a share cancels: condition_i = Σ_c ω_ci
/// σ_c (v_fi − λ_i Σ_j s_j v_fj − (1−λ_i) Σ_{j in nest} s_{j|g} v_fj) − λ_i p', p' = dp/dx. Divided
/// by the mean sensitivity of its buyers it is p − ζ(p), in price units.
class RetailConditions {
 public:
  void assign(const LinkShares& shares, const LinkValues& values);

  /// Fills `condition` at the shares, with values of units n×F. `removed` (−1: none) has none.
  void evaluate(const LinkShares& shares, const LinkValues& values, const Eigen::MatrixXd& worth,
                Eigen::Index removed = -1);

  /// Fills the slopes by x and v, at the last evaluation.
  void differentiate(const LinkShares& shares, const LinkValues& values,
                     const Eigen::MatrixXd& worth);

  /// Fills profit_slope.
  void compute_profit_slope(const LinkShares& shares, const Eigen::MatrixXd& worth);

  /// Condition of link i in price units.
  double in_price_units(const LinkShares& shares, Eigen::Index i) const {
    return shares.mean_sensitivity(i) > 0.0 ? condition(i) / shares.mean_sensitivity(i) : 0.0;
  }

  Eigen::VectorXd condition;        // n
  Eigen::MatrixXd price_slope;      // n×n, d condition_i/dx_k with values of units held
  Eigen::MatrixXd worth_slope;      // n×n, d condition_i/dv_k, v of the buyer of i
  Eigen::MatrixXd log_share_slope;  // n×n, −d ln s_i/dx_k, row k, column i
  Eigen::MatrixXd profit_slope;     // n×F, Σ_j v_fj ds_j/dx_k

 private:
  void compute_means(const LinkShares& shares, const Eigen::MatrixXd& worth, Eigen::Index c);
  void add_cell_slopes(const LinkShares& shares, const LinkValues& values,
                       const Eigen::MatrixXd& worth, Eigen::Index c);

  Eigen::Index removed_ = -1;
  Eigen::VectorXd mean_worth_;          // F, Σ_j s_j v_fj in the current cell
  Eigen::MatrixXd nest_worth_;          // G×F, Σ_{j in nest} s_{j|g} v_fj, likewise
  Eigen::VectorXd mean_excess_;         // n, Σ_c ω σ (v − …)
  Eigen::MatrixXd worth_slope_by_row_;  // n×n, worth_slope transposed
  Eigen::MatrixXd price_slope_by_row_;  // n×n, likewise
};

}  // namespace entente::market
