#pragma once

#include <Eigen/Core>
#include <Eigen/LU>

#include "engine/market/vertical/disagreement.hpp"
#include "engine/market/vertical/price_search.hpp"

namespace entente::market {

/// Contracts and retail prices set at the same time. At given retail prices the bargains are linear
/// in the wholesale prices, which leaves the retail prices as unknowns.
class SimultaneousContracts : public PriceSearch {
 public:
  /// values must outlive the solver's use.
  void assign(const Demand& demand, const LinkValues& values);

  /// Tries `start` (n, retail prices; empty: none), then starts of its own. Throws NoConvergence.
  void solve(const VerticalOptions& options, const Eigen::VectorXd& start);

  Eigen::VectorXd upstream_margin;  // n, currency per unit

 private:
  bool solve_from_start(const VerticalOptions& options);
  bool evaluate() override;
  void assemble() override;
  void solve_bargains();
  bool verify(double tolerance);

  Disagreement disagreement_;
  Eigen::VectorXi bargains_;            // n, 1 where a price is bargained over
  Eigen::MatrixXd margin_side_;         // n×n, weight of p_j − c_j in the bargain of row i
  Eigen::MatrixXd transfer_side_;       // n×n, of w_j − c_j
  Eigen::MatrixXd bargain_system_;      // n×n
  Eigen::VectorXd bargain_right_side_;  // n
  Eigen::PartialPivLU<Eigen::MatrixXd> bargain_factors_;
  Eigen::MatrixXd row_values_;            // n×n, column i: what the bargain i counts of each link
  Eigen::MatrixXd bargain_slope_;         // n×n, d bargain_i/dx_k, row k, column i
  Eigen::MatrixXd bargain_slope_by_row_;  // n×n, transposed
  Eigen::MatrixXd margin_response_;       // n×n, −d (w_i − c_i)/dx_k
  Eigen::MatrixXd transfer_slope_;        // n×n, d retail condition_i/d(w_j − c_j)
};

}  // namespace entente::market
