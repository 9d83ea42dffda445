#pragma once

#include <Eigen/Core>
#include <vector>

#include "engine/market/certificate/pricing_conditions.hpp"

namespace entente::market {

/// Prices between which those of some decision makers can be worth a look: each product's range is
/// that in which single cells' profits peak when the other moving products are priced out, plus
/// what a cell's monopolist in all of them may add to its markup. Positions x, n, in the order of
/// the makers' products.
struct PriceBox {
  Eigen::VectorXd lower;
  Eigen::VectorXd upper;
  Eigen::VectorXd cost;  // effective, c/received, currency
  bool log_price = false;
  int evaluations = 0;  // spent on measuring it

  /// Point at the given fractions (n, in [0,1]) of each side: geometric in the markup, or in the
  /// price with a log price term.
  Eigen::VectorXd place(const Eigen::Ref<const Eigen::VectorXd>& fraction) const;
};

/// prices: J, at which all other products are held. Throws Infeasible where a product has no best
/// price, as PriceLine does.
PriceBox measure_price_box(const Demand& demand, const Supply& supply,
                           const std::vector<DecisionMaker>& makers,
                           const Eigen::Ref<const Eigen::VectorXd>& prices);

}  // namespace entente::market
