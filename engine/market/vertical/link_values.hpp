#pragma once

#include <Eigen/Core>
#include <vector>

#include "engine/market/vertical/vertical.hpp"

namespace entente::market {

/// The offered links of a vertical market, n of its L, and what a unit sold on each is worth to
/// each of the F firms that take part: v_jf = margin_weight · (p − c) + transfer_weight · (w −
/// c_up), with c the cost of both tiers.
class LinkValues {
 public:
  /// Throws InvalidInput or Infeasible, see compute_vertical_prices.
  void assign(const VerticalMarket& market, ContractTiming timing);

  Eigen::Index links() const { return static_cast<Eigen::Index>(link.size()); }
  Eigen::Index firms() const { return static_cast<Eigen::Index>(firm.size()); }

  /// Values of units at given margins, n×F. whole_margin: n, p − c. upstream_margin: n, w − c_up.
  void value(const Eigen::VectorXd& whole_margin, const Eigen::VectorXd& upstream_margin,
             Eigen::MatrixXd& values) const;

  std::vector<Eigen::Index> link;   // n, index in the market
  std::vector<int> firm;            // F, index in the market, ascending
  Eigen::VectorXi supplier;         // n, position in `firm`
  Eigen::VectorXi buyer;            // n, likewise
  Eigen::VectorXi integrated;       // n, 1 where the parties count each other's profit in full
  Eigen::VectorXd upstream_cost;    // n
  Eigen::VectorXd cost;             // n, of both tiers
  Eigen::VectorXd buyer_weight;     // n
  Eigen::VectorXd supplier_stake;   // n, Ω_UD
  Eigen::VectorXd buyer_stake;      // n, Ω_DU
  Eigen::MatrixXd margin_weight;    // n×F, Ω_f,down
  Eigen::MatrixXd transfer_weight;  // n×F, Ω_f,up − Ω_f,down

 private:
  void collect_links(const VerticalMarket& market);
  void collect_firms(const VerticalMarket& market);
  int position(int firm_index) const;
};

/// The two sides of the bargain over link i, b/(1−Ω_UD) on the supplier's gain and (1−b)/(1−Ω_DU)
/// on the buyer's: divided by (1−Ω_UD)(1−Ω_DU), so that the condition moves one for one with w_i.
struct BargainSides {
  double supplier = 0.0;
  double buyer = 0.0;
};
BargainSides compute_bargain_sides(const LinkValues& values, Eigen::Index i);

}  // namespace entente::market
