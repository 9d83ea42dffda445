#pragma once

#include <Eigen/Core>
#include <vector>

#include "engine/market/certificate/decision_maker.hpp"
#include "engine/market/certificate/moving_shares.hpp"

namespace entente::market {

/// Profits of some decision makers, per active buyer, and their derivatives in the prices these
/// set, the prices of all others held. With x the price (or its logarithm with a log price term),
/// M_t = Σ_j W_j m_j s_tj a cell's profit, M_tg = Σ_{j∈g} W_j m_j s_{tj|g} and m' = dm/dx,
///
///   F_i = (dπ/dx_i)/s_i = Σ_t ω_ti A_ti,   ω_ti = w_t s_ti/s_i,
///   A_ti = W_i m_i' − (α_t/λ) (W_i m_i − λ M_t − (1−λ) M_tg).
///
/// F keeps its limit where a share underflows (Morrow & Skerlos 2011). The makers' products are the
/// n moving ones, in the makers' order. References are kept: demand and supply must outlive this.
class PricingConditions {
 public:
  /// prices: J, at which the others are held. Throws as MovingShares does.
  PricingConditions(const Demand& demand, const Supply& supply, std::vector<DecisionMaker> makers,
                    const Eigen::Ref<const Eigen::VectorXd>& prices);

  Eigen::Index size() const { return position.size(); }
  const std::vector<DecisionMaker>& makers() const { return makers_; }
  const std::vector<Eigen::Index>& products() const { return products_; }
  const MovingShares& shares() const { return shares_; }

  double to_price(double x) const;
  double to_position(double price) const;

  /// Where all shares at x are next to nothing, counts shares and profits in a unit in which they
  /// are not: only their ratios matter. Without effect where a maker has stakes in held products.
  void choose_unit(const Eigen::Ref<const Eigen::VectorXd>& x);

  /// Shares, margins and profits at x (n); then slopes; then second derivatives. Each needs the one
  /// before at the same x.
  void evaluate(const Eigen::Ref<const Eigen::VectorXd>& x);
  void evaluate_slopes();
  void evaluate_curvature();

  /// F_i/(W_i m_i'), n, a number without unit, and its derivatives by x, n×n. After
  /// evaluate_curvature.
  Eigen::VectorXd compute_unit_conditions() const;
  Eigen::MatrixXd compute_unit_jacobian() const;

  /// Largest distance of a first-order condition from zero, |m − ζ|/received, relative to the price
  /// or to h = λ/(mean α) where that is larger. After evaluate_slopes.
  double compute_residual() const;

  /// d²π/dx_i dx_k / √(s_i s_k) of one maker over its own products. After evaluate_curvature.
  Eigen::MatrixXd compute_scaled_hessian(std::size_t maker) const;

  Eigen::VectorXd position;        // n, x at the last evaluation; first that of `prices`
  Eigen::VectorXd share;           // n, in units of the moving shares' unit
  Eigen::VectorXd profit;          // per maker, likewise
  Eigen::VectorXd magnitude;       // per maker, Σ_j |W_j m_j| s_j, likewise
  Eigen::ArrayXd cell_profit;      // cells, M_t of the first maker, likewise
  Eigen::VectorXd slope;           // n, F
  Eigen::ArrayXXd cell_slope;      // cells × n, A
  Eigen::VectorXd sensitivity;     // n, Σ_t ω_ti α_t/λ
  Eigen::MatrixXd slope_jacobian;  // n×n, dF_i/dx_k
  Eigen::MatrixXd response;        // n×n, d ln s_i/dx_k

 private:
  double weight_of(std::size_t maker, Eigen::Index i) const;
  double own_weight_of(Eigen::Index i) const;
  void weigh_cells(Eigen::Index i);
  void evaluate_cross_slopes(std::size_t maker);

  std::vector<DecisionMaker> makers_;
  std::vector<Eigen::Index> products_;
  std::vector<std::size_t> maker_of_;  // n
  bool log_price_;
  Eigen::VectorXd cost_;      // n
  Eigen::VectorXd received_;  // n
  MovingShares shares_;
  std::vector<Eigen::ArrayXXd> held_profit_;  // per maker, empty without stakes in held products
  std::vector<Eigen::ArrayXXd> held_size_;    // likewise of |W m|
  Eigen::VectorXd margin_;                    // n
  Eigen::VectorXd margin_slope_;              // n, dm/dx
  std::vector<Eigen::ArrayXd> total_;         // per maker, M_t
  std::vector<Eigen::ArrayXXd> nest_mean_;    // per maker, cells × nests followed, M_tg
  Eigen::ArrayXXd cell_weight_;               // cells × n, ω
  Eigen::ArrayXXd cross_slope_;  // cells × n, A of each product in the objective of one maker
};

}  // namespace entente::market
