#include "engine/market/capacity.hpp"

#include "engine/market/capacity_solver.hpp"

namespace entente::market {

Resources make_product_capacities(const Eigen::Ref<const Eigen::VectorXd>& capacity) {
  return {Eigen::MatrixXd::Identity(capacity.size(), capacity.size()), capacity};
}

CapacityPrices compute_capacity_prices(const Demand& demand, const Supply& supply, double size,
                                       const Resources& resources,
                                       const Eigen::Ref<const Eigen::VectorXd>& start,
                                       const PricingOptions& options,
                                       CapacityConditions conditions) {
  return CapacitySolver(demand, supply, size, resources, options, conditions).run(start);
}

}  // namespace entente::market
