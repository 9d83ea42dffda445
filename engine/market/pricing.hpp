#pragma once

#include <Eigen/Core>

#include "engine/market/demand.hpp"

namespace entente::market {

/// What the sellers know and own. J products in market order.
struct Supply {
  Eigen::VectorXd marginal_cost;  // J, currency per unit
  Eigen::MatrixXd ownership;  // J×J, Ω: row i is the weight that the owner of i puts on j's profit
  Eigen::VectorXd
      received;  // J, fraction of the posted price the seller keeps, 1 without discounts
  Eigen::VectorXd price_fixed;  // J, a price held as given, or NaN where the seller sets it
  Eigen::VectorXd
      fringe;  // J, number of equal independent firms behind the product, 1 for one firm
};

struct PricingOptions {
  double tolerance = 1e-10;  // of max |p − ζ(p)| / max(1, p)
  int max_iterations = 5000;
};

struct Prices {
  Eigen::VectorXd price;   // J, currency per unit
  Eigen::VectorXd markup;  // J, received·p − marginal_cost, currency per unit
  double residual = 0.0;   // max |p − ζ(p)| / max(1, p), first-order condition in price units
  int iterations = 0;
};

/// Bertrand-Nash posted prices by the ζ-markup fixed point (Morrow & Skerlos 2011), safeguarded and
/// finished by acceleration. `start` are warm-start prices. Throws NoConvergence above tolerance.
Prices compute_bertrand_prices(const Demand& demand, const Supply& supply,
                               const Eigen::Ref<const Eigen::VectorXd>& start,
                               const PricingOptions& options = {});

/// Markups at which the first-order conditions hold at given prices, J: the inversion that turns
/// observed prices into marginal costs. Products with a fixed price keep received·p −
/// marginal_cost, products offered to nobody get 0. Throws Infeasible where no markups do.
Eigen::VectorXd compute_implied_markups(const Demand& demand, const Supply& supply,
                                        const Eigen::Ref<const Eigen::VectorXd>& prices);

/// Bertrand-Nash prices when product j can deliver at most capacity_j.
struct CapacityPrices {
  Prices prices;
  Eigen::VectorXd shadow_price;  // J, ≥ 0, currency per unit, 0 where capacity is slack
};

/// Solves the KKT system: effective cost c + μ with μ ≥ 0 complementary to capacity − size·share.
/// The effective cost enters every condition in which the product's margin appears, also those of
/// firms that only hold a stake. Capacity of a product with a fixed price is left to rationing.
/// size: number of active buyers in the unit of capacity. capacity: J, +∞ where there is none;
/// a product with zero capacity must be left out by utility −∞ instead (throws Infeasible).
CapacityPrices compute_capacity_prices(const Demand& demand, const Supply& supply, double size,
                                       const Eigen::Ref<const Eigen::VectorXd>& capacity,
                                       const Eigen::Ref<const Eigen::VectorXd>& start,
                                       const PricingOptions& options = {});

}  // namespace entente::market
