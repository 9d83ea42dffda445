#pragma once

#include <Eigen/Core>
#include <vector>

#include "engine/market/certificate/pricing_conditions.hpp"

namespace entente::market {

/// A maker's profit along the price of one of its products, all other prices held: a sum over cells
/// of functions with one peak each, so its peaks lie between the lowest and the highest of theirs.
///
/// In a plain logit cell, s_t falls in p and A_t (see PricingConditions) falls while the margin is
/// above the cell's mean margin of what else it buys. Between two prices both are then bounded by
/// their values at the ends, and so are profit and slope: branch and bound finds every peak that
/// matters and every root. In nested cells and with stakes in rivals the same bounds are used on a
/// first partition that is fine; there they are no proof.
class PriceLine {
 public:
  /// maker: whose product it is. prices: J. Throws as MovingShares does.
  PriceLine(const Demand& demand, const Supply& supply, const DecisionMaker& maker,
            Eigen::Index product, const Eigen::Ref<const Eigen::VectorXd>& prices);

  struct Profit {
    double profit = 0.0;
    double magnitude = 0.0;  // Σ_j |weight_j margin_j| s_j
  };

  /// Profit at a price, in the line's unit of profit.
  Profit compute_profit(double price);

  struct Peak {
    double price = 0.0;
    double profit = 0.0;  // in the line's unit of profit
  };

  /// Highest peak, to full precision; other peaks are excluded up to `gap` of its profit.
  Peak find_highest_peak(double gap);

  struct RoughPeak {
    double below = 0.0;  // prices around it
    double price = 0.0;
    double above = 0.0;
  };
  std::vector<RoughPeak> rough_peaks;  // high or not, seen by find_highest_peak on the way

  /// All prices at which the first-order condition holds, ascending.
  std::vector<double> find_roots();

  /// Prices between which each cell's profit has its peak.
  double lowest_price() const { return conditions_.to_price(lower_); }
  double highest_price() const { return conditions_.to_price(upper_); }

  /// The line's unit of profit, per active buyer: below 1 where the product sells next to nothing.
  double unit() const { return conditions_.shares().unit; }

  int evaluations = 0;

 private:
  struct Node {
    double x = 0.0;
    double price = 0.0;
    double profit = 0.0;
    double slope = 0.0;          // F
    Eigen::ArrayXd cell_profit;  // w_t π_t
    Eigen::ArrayXd cell_share;   // w_t s_t
    Eigen::ArrayXd cell_slope;   // A_t, by price
  };
  struct Range {
    double lowest = 0.0;
    double highest = 0.0;
  };
  struct Visit {
    double x;
    double profit;
  };

  Node visit(double x);
  double find_end(double x, double step, bool lower);
  std::vector<Node> partition();
  static Range bound_slope(const Node& left, const Node& right);
  static double bound_profit(const Node& left, const Node& right);
  void branch(const Node& left, const Node& right, int depth);
  void bracket_roots(const Node& left, const Node& right, int depth, std::vector<double>& roots);
  double polish(double lower, double x, double upper, bool peak);

  PricingConditions conditions_;
  double cost_;  // effective, c/received
  bool log_price_;
  double smallest_step_;
  double lower_ = 0.0;
  double upper_ = 0.0;
  std::vector<Visit> visits_;
  double best_profit_ = 0.0;
  double best_x_ = 0.0;
  double gap_ = 0.0;  // in units of profit
};

}  // namespace entente::market
