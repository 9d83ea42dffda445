#include "engine/market/mean_utility.hpp"

#include "engine/market/elementary.hpp"
#include "engine/market/share_inversion.hpp"

namespace entente::market {

Eigen::VectorXd compute_mean_utility(const Demand& demand,
                                     const Eigen::Ref<const Eigen::VectorXd>& prices,
                                     const Eigen::Ref<const Eigen::VectorXd>& shares) {
  const Eigen::Index products = demand.products();
  const Eigen::Index cells = demand.cells();
  CellArray base;
  base.resize(cells, products);
  Eigen::VectorXi offered(products);
  for (Eigen::Index j = 0; j < products; ++j) {
    offered[j] = shares[j] > 0.0 ? 1 : 0;
    const double term =
        demand.price_term == PriceTerm::log ? deterministic_log(prices[j]) : prices[j];
    for (Eigen::Index c = 0; c < cells; ++c)
      base(c, j) = demand.utility(j, c) - demand.price_sensitivity(c) * term;
  }
  const Eigen::ArrayXd weight = demand.weight.array() / demand.weight.sum();
  ShareInversion inversion(weight, shares, offered, demand.nest, demand.outside_good);
  Eigen::VectorXd mean_utility = Eigen::VectorXd::Zero(products);
  inversion.solve(demand.nesting, base, mean_utility);
  return mean_utility;
}

}  // namespace entente::market
