#pragma once

#include <Eigen/Core>
#include <Eigen/LU>
#include <vector>

#include "engine/market/vertical/link_removal.hpp"
#include "engine/market/vertical/link_values.hpp"
#include "engine/market/vertical/retail_stage.hpp"

namespace entente::market {

/// Contracts first, retail prices after: the unknowns are the wholesale prices that are bargained
/// over, and every retail equilibrium, with all links and without each, is solved for on the way.
/// Newton's method; profits' second derivatives are differenced, all else is analytic.
class SequentialContracts {
 public:
  /// values must outlive the solver's use.
  void assign(const Demand& demand, const LinkValues& values);

  /// Starts: n each, or empty. Throws NoConvergence, or Infeasible
  /// where only roots without gains from trade are found.
  void solve(const VerticalOptions& options, const Eigen::VectorXd& retail_start,
             const Eigen::VectorXd& margin_start);

  /// Sides of the bargain over link i at the last prices: the supplier's and the buyer's gain from
  /// trade per unit sold, and how much a higher wholesale price gives the one and takes the other.
  struct Bargain {
    double supplier_gain = 0.0;
    double buyer_gain = 0.0;
    double supplier_slope = 0.0;
    double buyer_slope = 0.0;
  };
  /// Bargains at retail prices taken as they are. False where a retail equilibrium is not found.
  bool observe(const Eigen::VectorXd& retail, const Eigen::VectorXd& margin, double tolerance);
  const Bargain& bargain(Eigen::Index i) const { return bargain_[static_cast<std::size_t>(i)]; }
  const LinkShares& shares() const { return market_.shares(); }

  const Eigen::VectorXd& price() const { return market_.price; }
  Eigen::VectorXd upstream_margin;  // n
  double residual = 0.0;
  int iterations = 0;

 private:
  bool evaluate(double tolerance);
  bool evaluate_bargains(double tolerance);
  bool compute_newton_step(double tolerance);
  bool compute_curvature(double tolerance);
  bool compute_gain_slopes(double tolerance);
  bool improve(double relative_step, double tolerance);
  bool solve_from_start(const VerticalOptions& options);
  bool make_start(double scale, double tolerance);
  bool start_from_retail(double tolerance);
  bool is_root(double tolerance) const;
  Eigen::Index find_gainless_link() const;

  const LinkValues* values_ = nullptr;
  RetailStage market_;
  LinkRemoval removal_;                  // of the link in question
  RetailStage probe_;                    // at wholesale prices moved a little
  std::vector<Bargain> bargain_;         // n
  std::vector<Eigen::Index> bargains_;   // links that bargain, m
  Eigen::MatrixXd price_change_;         // n×n, column i: what removing link i does to x
  Eigen::VectorXd condition_;            // m, in price units
  Eigen::MatrixXd supplier_curvature_;   // m×m, row a, column b: d²Π_U/dw_a dw_b over s_a
  Eigen::MatrixXd buyer_curvature_;      // m×m, of the buyer of a
  Eigen::MatrixXd supplier_gain_slope_;  // m×m, d GFT_U/dw_b over s_a, at a given s_a
  Eigen::MatrixXd buyer_gain_slope_;     // m×m
  Eigen::MatrixXd system_;               // m×m
  Eigen::PartialPivLU<Eigen::MatrixXd> factors_;
  Eigen::VectorXd step_;               // m
  Eigen::VectorXd from_;               // n
  Eigen::VectorXd condition_from_;     // m
  Eigen::VectorXd price_from_;         // n
  Eigen::MatrixXd price_change_from_;  // n×n
  Eigen::VectorXd moved_;              // n
  Eigen::VectorXd change_;             // n
  double merit_ = 0.0;
  Eigen::Index gainless_ = -1;  // a link of some root without gains from trade
};

}  // namespace entente::market
