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

/// Costs at or above this are refused: sums of them would overflow.
inline constexpr double largest_cost = 1e100;

/// Throws InvalidInput, naming product and entry, where sizes do not agree or the seller of a
/// product whose price is not held has no weight on it, keeps nothing of its price or has a cost
/// that is not finite.
void validate_supply(const Supply& supply, Eigen::Index products);

/// Supply of firms that set every price and keep all of it. marginal_cost: J. ownership: J×J, Ω.
Supply make_supply(const Eigen::Ref<const Eigen::VectorXd>& marginal_cost,
                   const Eigen::Ref<const Eigen::MatrixXd>& ownership);

/// Ω of firms without stakes in each other: 1 where one firm sells both. seller: J, firm index.
Eigen::MatrixXd make_ownership(const Eigen::Ref<const Eigen::VectorXi>& seller);

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

/// Bertrand-Nash posted prices. Plain logit of firms without stakes in each other is one equation
/// in one unknown (Nocke & Schutz 2018); all else goes by the ζ-markup fixed point (Morrow &
/// Skerlos 2011), safeguarded, with a Newton finish. `start` are warm-start prices (J). Throws
/// InvalidInput, or NoConvergence above tolerance. A first-order root of mixed logit need not be an
/// equilibrium: see nash_certificate.hpp.
Prices compute_bertrand_prices(const Demand& demand, const Supply& supply,
                               const Eigen::Ref<const Eigen::VectorXd>& start,
                               const PricingOptions& options = {});

/// Markups at which the first-order conditions hold at given prices, J: the inversion that turns
/// observed prices into marginal costs. Products with a fixed price keep received·p −
/// marginal_cost, products offered to nobody get 0. Throws Infeasible where no markups do.
Eigen::VectorXd compute_implied_markups(const Demand& demand, const Supply& supply,
                                        const Eigen::Ref<const Eigen::VectorXd>& prices);

}  // namespace entente::market
