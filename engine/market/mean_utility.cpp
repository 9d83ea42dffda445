#include "engine/market/mean_utility.hpp"

#include "engine/market/elementary.hpp"
#include "engine/market/share_inversion.hpp"

namespace entente::market {

Eigen::VectorXd compute_mean_utility(const Demand& demand,
                                     const Eigen::Ref<const Eigen::VectorXd>& prices,
                                     const Eigen::Ref<const Eigen::VectorXd>& shares) {
  const Eigen::Index products = demand.utility.rows();
  Eigen::ArrayXXd base = demand.utility.transpose();  // C×J
  for (Eigen::Index j = 0; j < products; ++j) {
    const double term =
        demand.price_term == PriceTerm::log ? deterministic_log(prices[j]) : prices[j];
    base.col(j) -= demand.price_sensitivity.array() * term;
  }
  const Eigen::ArrayXd weight = demand.weight.array() / demand.weight.sum();
  Eigen::VectorXi offered(products);
  for (Eigen::Index j = 0; j < products; ++j)
    offered[j] = shares[j] > 0.0 ? 1 : 0;
  ShareInversion inversion(weight, shares, offered, demand.outside_good);
  Eigen::VectorXd mean_utility = Eigen::VectorXd::Zero(products);
  inversion.solve(demand.nest, base, mean_utility);
  return mean_utility;
}

}  // namespace entente::market
