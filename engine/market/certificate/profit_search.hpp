#pragma once

#include <Eigen/Core>
#include <vector>

#include "engine/market/certificate/best_response.hpp"
#include "engine/market/certificate/price_box.hpp"
#include "engine/market/certificate/pricing_conditions.hpp"

namespace entente::market {

/// Search for the highest profit of a decision maker with several products, the others' prices
/// held. Ascents start at the given prices; at the peaks along a common markup and at the levels
/// that are best in single cells there, since candidates cluster where some of the cells are the
/// clientele; and at points of low discrepancy in the box of prices in which cells' profits can
/// peak. From the local maxima found each product's line is searched to the end (PriceLine), and
/// every other peak on it starts a new ascent, higher or not: all prices may have to change.
/// References are kept.
class ProfitSearch {
 public:
  ProfitSearch(const Demand& demand, const Supply& supply, const DecisionMaker& maker,
               const Eigen::Ref<const Eigen::VectorXd>& prices, const BestResponseOptions& options);

  void search();

  // After the search; profits in `unit` per active buyer.
  Eigen::VectorXd price;       // of the maker's products, the best found
  double profit = 0.0;         // there
  double profit_before = 0.0;  // at the given prices
  double magnitude = 0.0;      // Σ_j |weight_j margin_j| s_j at the given prices
  int evaluations = 0;
  double unit() const { return conditions_.shares().unit; }

 private:
  struct Maximum {
    Eigen::VectorXd x;
    double profit = 0.0;
  };

  double evaluate(const Eigen::VectorXd& x);
  Maximum ascend(Eigen::VectorXd x);
  Eigen::VectorXd compute_step();
  double limit_step(const Eigen::VectorXd& x, const Eigen::VectorXd& step) const;
  double measure_distance(const Eigen::VectorXd& x, const Eigen::VectorXd& other) const;
  void add_maximum(const Eigen::VectorXd& start);
  void try_common_levels(bool by_cost);
  void try_box();
  Eigen::VectorXd place_level(double fraction, bool by_cost) const;
  void sweep();
  std::vector<Eigen::VectorXd> search_lines(const Eigen::VectorXd& from);

  const Demand& demand_;
  const Supply& supply_;
  const DecisionMaker& maker_;
  BestResponseOptions options_;
  Eigen::VectorXd prices_;  // J
  PricingConditions conditions_;
  bool log_price_;
  Eigen::VectorXd given_;  // x of the given prices
  PriceBox box_;
  std::vector<Maximum> maxima_;
};

}  // namespace entente::market
