#pragma once

#include <Eigen/Core>
#include <vector>

#include "engine/market/demand.hpp"
#include "engine/market/pricing.hpp"

namespace entente::market {

/// Who decides some prices together: the products whose rows of Ω are proportional. Its objective,
/// per active buyer, is Σ_j weight_j (received_j p_j − c_j) s_j over all products.
struct DecisionMaker {
  std::vector<Eigen::Index> products;  // whose prices it sets, ascending
  Eigen::VectorXd weight;              // J, Ω_ij/Ω_ii, i the first of its products
  double firms = 1.0;  // equal firms that share the product's buyers: a fringe, of one product
};

/// Decision makers by their first product. Products with a fixed price and products that no active
/// buyer is offered belong to none; a product with fringe > 1 is alone. Throws InvalidInput, naming
/// the entry, where sizes do not agree with demand, or of a priced product the cost is not finite,
/// the fraction received or the own weight not above 0, or the fringe below 1.
std::vector<DecisionMaker> find_decision_makers(const Demand& demand, const Supply& supply);

/// Whether some active buyer is offered the product.
bool is_offered(const Demand& demand, Eigen::Index product);

}  // namespace entente::market
