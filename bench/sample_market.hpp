#pragma once

#include <Eigen/Core>
#include <limits>

#include "engine/market/demand.hpp"
#include "engine/market/pricing.hpp"

namespace entente::bench {

/// A market of J products and C cells without any draw: products differ in quality, cells in size,
/// price sensitivity and taste.
inline market::Demand make_demand(Eigen::Index products, Eigen::Index cells) {
  const auto spread = [](Eigen::Index i, Eigen::Index period) {
    return static_cast<double>(i % period) / static_cast<double>(period) - 0.5;
  };
  market::Demand demand;
  demand.nesting(0) = 0.6;
  demand.weight.resize(cells);
  demand.price_sensitivity.resize(cells);
  demand.utility.resize(products, cells);
  for (Eigen::Index c = 0; c < cells; ++c) {
    demand.weight(c) = (1.0 + spread(c, 7)) / static_cast<double>(cells);
    demand.price_sensitivity(c) = 3.0 + spread(c, 5);
    for (Eigen::Index j = 0; j < products; ++j)
      demand.utility(j, c) = 1.0 + 2.0 * spread(j, 11) + spread(3 * j + c, 13);
  }
  return demand;
}

/// Every second firm sells two products.
inline market::Supply make_supply(Eigen::Index products) {
  market::Supply supply;
  supply.marginal_cost = Eigen::VectorXd::LinSpaced(products, 0.8, 1.2);
  supply.ownership = Eigen::MatrixXd::Identity(products, products);
  for (Eigen::Index j = 0; j + 1 < products; j += 3)
    supply.ownership(j, j + 1) = supply.ownership(j + 1, j) = 1.0;
  supply.received = Eigen::VectorXd::Ones(products);
  supply.price_fixed =
      Eigen::VectorXd::Constant(products, std::numeric_limits<double>::quiet_NaN());
  supply.fringe = Eigen::VectorXd::Ones(products);
  return supply;
}

}  // namespace entente::bench
