#pragma once

#include <Eigen/Core>
#include <vector>

#include "engine/market/pricing.hpp"

namespace entente::market {

/// What products are made of: product j takes use_kj units of resource k, of which there are
/// capacity_k. A capacity of one product alone is a resource that only it uses.
struct Resources {
  Eigen::MatrixXd use;       // K×J, ≥ 0
  Eigen::VectorXd capacity;  // K, units; +∞ where there is no limit
};

/// Each product its own resource. capacity: J, units of the product.
Resources make_product_capacities(const Eigen::Ref<const Eigen::VectorXd>& capacity);

/// Which conditions hold where capacity binds.
enum class CapacityConditions {
  kkt,      // scarcity is a cost in every condition in which the product's margin appears
  logitcap  // as in antitrust 0.99's LogitCap: only in the product's own condition, so that a
            // firm's free products disregard what they take from its full ones; to compare with it
};

struct CapacityPrices {
  Prices prices;                 // margins over true cost
  Eigen::VectorXd shadow_price;  // K, ≥ 0, currency per unit of the resource, 0 where it is slack
  Eigen::VectorXd effective_cost;  // J, marginal cost plus the shadow prices of what the unit uses
  std::vector<bool> binding;       // K
};

/// Bertrand-Nash prices when size · Σ_j use_kj share_j ≤ capacity_k: the Karush-Kuhn-Tucker
/// conditions of every owner, in which resource k costs μ_k ≥ 0, complementary to its slack. An
/// active set on μ, each set solved by Newton's method over converged prices. The resources of a
/// product with a fixed price are left to rationing. size: number of active buyers, in units of the
/// products. Throws InvalidInput, Infeasible where no prices ration demand to capacity (a product
/// with none must be left out by utility −∞), and NoConvergence.
CapacityPrices compute_capacity_prices(const Demand& demand, const Supply& supply, double size,
                                       const Resources& resources,
                                       const Eigen::Ref<const Eigen::VectorXd>& start,
                                       const PricingOptions& options = {},
                                       CapacityConditions conditions = CapacityConditions::kkt);

}  // namespace entente::market
