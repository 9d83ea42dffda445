#pragma once

#include <Eigen/Core>

#include "engine/market/vertical/link_shares.hpp"
#include "engine/market/vertical/link_values.hpp"
#include "engine/market/vertical/retail_stage.hpp"

namespace entente::market {

/// What a retail equilibrium loses when one link is removed and all other retail prices answer. All
/// is held as changes relative to the market with the link, so that the loss keeps its figures
/// where the link's share is tiny: the difference of two computed profits would not.
class LinkRemoval {
 public:
  /// values must outlive the object's use.
  void assign(const Demand& demand, const LinkValues& values);

  /// market: at its equilibrium. price_change: n, change of x = p, or ln p, from a guess to the
  /// answer; 0 at the removed link. False where there is no equilibrium without the link.
  bool solve(const RetailStage& market, const Eigen::VectorXd& upstream_margin,
             Eigen::Index removed, double tolerance, Eigen::Ref<Eigen::VectorXd> price_change);

  /// Profit that firm f loses by the removal, per unit of the link sold: its gain from trade.
  double loss(Eigen::Index firm) const { return loss_(firm); }

  /// Derivatives of profits by wholesale prices in the equilibrium without the link, n×F; false
  /// where they are not determined. Needs a solve before.
  bool differentiate() { return nothing_left_ || stage_.differentiate(); }
  double profit_response(Eigen::Index link, Eigen::Index firm) const {
    return nothing_left_ ? 0.0 : stage_.profit_response(link, firm);
  }

 private:
  void compute_changes(const RetailStage& market, Eigen::Index removed,
                       const Eigen::Ref<const Eigen::VectorXd>& price_change);
  void change_cell(const LinkShares& shares, Eigen::Index removed, Eigen::Index c,
                   const Eigen::Ref<const Eigen::VectorXd>& price_change);
  void compute_condition_changes(const RetailStage& market, Eigen::Index removed,
                                 const Eigen::Ref<const Eigen::VectorXd>& price_change);
  void compute_losses(const RetailStage& market, Eigen::Index removed);

  const LinkValues* values_ = nullptr;
  RetailStage stage_;                 // without the link
  bool nothing_left_ = false;         // the link was the only one
  Eigen::ArrayXXd growth_;            // n×C, s'/s − 1
  Eigen::ArrayXXd within_growth_;     // n×C, of the share within the nest
  Eigen::VectorXd total_growth_;      // n, of the share over all cells
  Eigen::VectorXd money_change_;      // n, change of price, currency
  Eigen::VectorXd log_nest_growth_;   // G, ln D'/D in the current cell
  Eigen::VectorXd condition_change_;  // n
  Eigen::VectorXd step_;              // n
  Eigen::VectorXd loss_;              // F
};

}  // namespace entente::market
