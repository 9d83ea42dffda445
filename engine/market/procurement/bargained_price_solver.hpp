#pragma once

#include <Eigen/Core>
#include <limits>
#include <string>
#include <vector>

#include "engine/market/demand.hpp"
#include "engine/market/pricing.hpp"

namespace entente::market {

/// With C_i = Σ_j≠i e^V_j (+ 1), plus the (n−1)/n of e^V_i that the rest of a fringe sells, the
/// condition of i divided by 1 − s_i/n reads
///   m_i = r_i K(x_i)/α + Σ_j≠i Ω'_ij (e^V_j/C_i) m_j,   x_i = V_i − ln n − ln C_i,
/// whose right-hand side falls in p_i alone: a firm's best answer is the only root of a falling
/// function, also where its share is all but one. Rounds of best answers converge as for posted
/// prices; Newton's method finishes. J products in market order throughout.
class BargainedPriceSolver {
 public:
  /// References are kept: demand and supply must outlive the solver. Arguments have been checked.
  BargainedPriceSolver(const Demand& demand, const Supply& supply,
                       const Eigen::Ref<const Eigen::VectorXd>& buyer_weight,
                       const PricingOptions& options);

  /// Throws NoConvergence.
  void solve();

  Eigen::VectorXd price;  // J
  /// max |m_i − required|/received/max(1, p), the own term solved for
  double residual = std::numeric_limits<double>::infinity();
  int iterations = 0;

 private:
  double received(Eigen::Index i) const { return supply_.received(i); }
  double markup(Eigen::Index j) const { return received(j) * price(j) - supply_.marginal_cost(j); }
  double utility(Eigen::Index j) const { return demand_.utility(j, 0) - alpha_ * price(j); }
  void weigh_rivals(Eigen::Index i);  // row i of odds_ and its sums
  void evaluate();
  void answer(Eigen::Index i);
  void find_groups();
  void play_round();
  double pool_gain(const std::vector<Eigen::Index>& group, double log_sales, double log_odds) const;
  void shift(const std::vector<Eigen::Index>& group);
  enum class Progress { settled, advanced, stuck };
  void assemble_newton();
  double measure(const Eigen::VectorXd& step) const;
  Progress step_newton();
  [[noreturn]] void fail(const std::string& reason) const;

  const Demand& demand_;
  const Supply& supply_;
  Eigen::VectorXd buyer_weight_;
  PricingOptions options_;
  Eigen::Index products_;
  double alpha_;
  Eigen::VectorXi offered_;
  Eigen::VectorXi priced_;
  Eigen::MatrixXd relative_;   // Ω_ij/Ω_ii
  Eigen::MatrixXd odds_;       // row i: e^V_j/C_i, of i itself what the rest of its fringe sells
  Eigen::VectorXd log_rest_;   // ln(C_i without i's own fringe)
  Eigen::VectorXd log_odds_;   // x_i
  Eigen::VectorXd regained_;   // Σ_j≠i Ω'_ij odds_ij m_j
  Eigen::VectorXd condition_;  // over received
  Eigen::MatrixXd system_;     // its derivatives
  Eigen::VectorXd from_start_;
  Eigen::VectorXd last_change_;                    // of the last round of answers
  double stride_ = 1.0;                            // part of a round's change that is made
  std::vector<std::vector<Eigen::Index>> groups_;  // priced products of one owner, two or more
};

}  // namespace entente::market
