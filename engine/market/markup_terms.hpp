#pragma once

#include <Eigen/Core>
#include <vector>

#include "engine/market/cell_array.hpp"
#include "engine/market/cell_shares.hpp"
#include "engine/market/decision_rows.hpp"
#include "engine/market/demand.hpp"

namespace entente::market {

/// The margins that enter a seller's conditions, J each.
struct Margins {
  Eigen::VectorXd of_others;  // of a product in the conditions of others, currency per unit
  Eigen::VectorXd own;        // in its own condition, times the part of its buyers that the firm
                              // itself wins back (1, or less for a fringe of several firms)
  Eigen::VectorXd scale;      // what turns h into currency: received, times p with a log price term
};

/// What the first-order conditions of pricing need to know about demand at given prices. With
/// x = p (linear) or ln p (log), ds_j/dx_i = −(s_i/h_i)(1{i=j} − G_ij), and the condition of the
/// decision maker of i reads
///   margin_i = Σ_j (Ω_ij/Ω_ii) G_ij margin_j + scale_i h_i.
/// Both h and G are ratios in which a share cancels, so they keep their limits where it underflows
/// (Morrow & Skerlos 2011 write Λ_i = −s_i/h_i and Γ_ij = Λ_i G_ij).
class MarkupTerms {
 public:
  /// Keeps its memory where that suffices. Throws InvalidInput as validate_demand does.
  void set_demand(const Demand& demand);

  /// Computes shares and h. `prices` (J) are ignored where a product is nowhere offered; throws
  /// MarketFailure where they are not finite, or not above 0 with a log price term.
  void evaluate(const Eigen::Ref<const Eigen::VectorXd>& prices);

  /// Right sides of the conditions (J) at the last prices; rows nobody prices are left alone.
  void compute_required(const DecisionRows& owners, const Margins& margins,
                        Eigen::VectorXd& required);

  /// G at the last prices, J×J.
  void compute_diversion(Eigen::MatrixXd& diversion);

  /// Derivatives by x_k of the right sides with margins and scale held (J×J), and G itself where a
  /// decision maker of i puts weight on j (zero elsewhere).
  void differentiate(const DecisionRows& owners, const Margins& margins, Eigen::MatrixXd& slope,
                     Eigen::MatrixXd& diversion);

  bool offered(Eigen::Index product) const { return offered_(product) != 0; }
  bool log_price() const { return log_price_; }
  Eigen::Index products() const { return share.size(); }
  const CellShares& cells() const { return cells_; }

  Eigen::VectorXd share;             // J, over all active buyers
  double outside_share = 0.0;        // over all active buyers
  Eigen::VectorXd inverse_response;  // J, h: currency, or a fraction of price with a log term

 private:
  bool underflows(Eigen::Index product) const;
  double limit_weights(Eigen::Index product, CellArray& weights) const;
  void weigh_buyers();
  void sum_rows(const DecisionRows& owners, const Margins& margins, Eigen::Index d);
  void sum_nest(const DecisionRows& owners, const Margins& margins, Eigen::Index d,
                Eigen::Index nest);
  double compute_own_diversion(Eigen::Index i);
  void multiply(const CellArray& left, const std::uint32_t* rows, std::size_t row_count,
                const CellArray& right, const std::uint32_t* columns, std::size_t column_count);
  void fill_factors(const DecisionRows& owners, const Margins& margins, Eigen::Index d,
                    Eigen::Index i, Eigen::MatrixXd& slope);
  void add_owned_terms(const DecisionRows& owners, const Margins& margins, Eigen::Index d,
                       Eigen::MatrixXd& slope, Eigen::MatrixXd& diversion);
  void add_share_terms(const DecisionRows& owners, const Margins& margins, Eigen::MatrixXd& slope);

  bool log_price_ = false;
  bool nested_ = false;  // whether some λ is below 1
  Eigen::VectorXi offered_;
  std::vector<Eigen::Index> populated_;  // cells with buyers
  CellArray weight_;                     // C, sums to 1
  CellArray sensitivity_;                // C
  CellArray response_;                   // C, weight times sensitivity
  CellArray base_;                       // C×J, utility/λ without price
  Eigen::VectorXd price_term_;           // J, p or ln p
  CellShares cells_;
  Eigen::VectorXd responding_;        // J, Σ_c weight σ s
  Eigen::VectorXd mean_sensitivity_;  // J, of j's buyers
  std::vector<std::uint32_t> all_;    // products in order
  CellArray response_weight_;   // C×J, columns sum to 1: cells by price response of j's buyers
  CellArray margin_by_share_;   // C, Σ_j W_ij s_j of one decision maker
  CellArray margin_by_within_;  // C, Σ_{j in g} W_ij s_{j|g} of one decision maker and nest
  // Memory of the functions above.
  CellArray own_;
  CellArray response_margin_;
  CellArray scratch_;
  CellArray sensitive_weight_;  // C×J
  CellArray left_;
  CellArray left_within_;
  CellArray nest_left_;
  Eigen::Matrix<double, Eigen::Dynamic, Eigen::Dynamic, Eigen::RowMajor> product_;
  std::vector<double> weighted_;
  std::vector<std::uint32_t> columns_;
  std::vector<std::uint32_t> nest_columns_;
  std::vector<std::uint32_t> rows_;
};

}  // namespace entente::market
