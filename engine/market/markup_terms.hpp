#pragma once

#include <Eigen/Core>

#include "engine/market/cell_shares.hpp"
#include "engine/market/demand.hpp"

namespace entente::market {

/// What the first-order conditions of pricing need to know about demand at given prices. With
/// x = p (linear) or ln p (log), ds_j/dx_i = −(s_i/h_i)(1{i=j} − G_ij), and the condition of a firm
/// that owns one product reads margin_i = G_ii margin_i + h_i (times p_i for a log price term).
/// Both h and G are ratios in which a share cancels, so they keep their limits where it underflows
/// (Morrow & Skerlos 2011 write Λ_i = −s_i/h_i and Γ_ij = Λ_i G_ij).
class MarkupTerms {
 public:
  explicit MarkupTerms(const Demand& demand);

  /// Fills the members. `prices` (J) are ignored where a product is nowhere offered; throws
  /// MarketFailure where they are not finite, or not above 0 with a log price term.
  void evaluate(const Eigen::Ref<const Eigen::VectorXd>& prices);

  /// Derivatives by x_k of Σ_j W_ij G_ij with W held (J×J), and of h_i (J×J), at the last prices.
  void differentiate(const Eigen::MatrixXd& weights, Eigen::MatrixXd& weighted_diversion_slope,
                     Eigen::MatrixXd& inverse_response_slope);

  bool offered(Eigen::Index product) const { return offered_(product) != 0; }
  bool log_price() const { return log_price_; }

  Eigen::VectorXd share;             // J, over all active buyers
  double outside_share = 0.0;        // over all active buyers
  Eigen::VectorXd inverse_response;  // J, h: currency, or a fraction of price with a log term
  Eigen::MatrixXd diversion;         // J×J, G

 private:
  void weigh_buyers(Eigen::Index product);

  bool log_price_;
  Eigen::VectorXi offered_;
  Eigen::ArrayXd weight_;           // C, sums to 1; cells without buyers are left out
  Eigen::ArrayXd sensitivity_;      // C
  Eigen::ArrayXXd scaled_base_;     // C×J, utility/λ without price
  Eigen::ArrayXd scaled_slope_;     // C, sensitivity/λ
  Eigen::ArrayXXd scaled_utility_;  // C×J
  CellShares cells_;
  Eigen::ArrayXXd response_weight_;  // C×J, columns sum to 1: cells by price response of j's buyers
  Eigen::VectorXd mean_sensitivity_;  // J, of j's buyers
  // Memory of differentiate().
  Eigen::ArrayXXd loss_weight_;
  Eigen::ArrayXXd within_weight_;
  Eigen::ArrayXXd response_slope_;
  Eigen::ArrayXd excess_;
};

}  // namespace entente::market
