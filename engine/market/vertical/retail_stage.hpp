#pragma once

#include <Eigen/Core>

#include "engine/market/vertical/price_search.hpp"

namespace entente::market {

/// Retail equilibrium at given wholesale prices, with all links or without one of them, and how
/// prices and the firms' profits there answer to wholesale prices.
class RetailStage : public PriceSearch {
 public:
  /// values must outlive the stage's use.
  void assign(const Demand& demand, const LinkValues& values);

  /// Starting prices for `solve`, see make_retail_start.
  void make_start(double scale);

  /// From `price`, which becomes the equilibrium; the removed link's entry stays. upstream_margin:
  /// n, w − c_up. False where none is found.
  bool solve(const Eigen::VectorXd& upstream_margin, double tolerance, Eigen::Index removed = -1);

  /// Takes `price` as it is. False where shares cannot be computed.
  bool observe(const Eigen::VectorXd& upstream_margin, Eigen::Index removed = -1);

  /// Fills the responses at the last prices. False where the equilibrium does not determine them.
  bool differentiate();

  /// Solves with the matrix of the last Newton step, d conditions/dx.
  void solve_linear(const Eigen::VectorXd& right_side, Eigen::VectorXd& solution) const {
    solution = factors_.solve(right_side);
  }

  /// Values of units at the last prices, n×F.
  const Eigen::MatrixXd& worth() const { return worth_; }

  Eigen::MatrixXd profit_response;  // n×F, dΠ_f/dw_k through the equilibrium
  Eigen::MatrixXd price_response;   // n×n, dp_i/dw_k

 private:
  bool evaluate() override;
  void assemble() override;

  const Eigen::VectorXd* upstream_margin_ = nullptr;
  Eigen::MatrixXd transfer_slope_;  // n×n, d condition_i/dw_k
  Eigen::MatrixXd adjoint_;         // n×F
};

}  // namespace entente::market
