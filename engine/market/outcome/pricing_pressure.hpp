#pragma once

#include <Eigen/Core>

#include "engine/market/demand.hpp"
#include "engine/market/pricing.hpp"

namespace entente::market {

/// Gross upward pricing pressure of a change of ownership at given prices, J, currency per unit:
/// Σ_j≠i (Ω'after − Ω'before)_ij D_ij m_j, with Ω'_ij = Ω_ij/Ω_ii (Farrell & Shapiro 2010; partial
/// stakes: O'Brien & Salop 2000). For a full merger this is Σ D_ij m_j over newly co-owned j, the
/// margin won back elsewhere on the buyers that i loses. It works as well with diversion ratios
/// from surveys. diversion: J×J, D_ij from i to j (its diagonal is not read). markup: J, currency
/// per unit. ownership: J×J each. Throws InvalidInput for sizes, entries that are not finite or
/// Ω_ii ≤ 0.
Eigen::VectorXd compute_gross_pressure(const Eigen::Ref<const Eigen::MatrixXd>& diversion,
                                       const Eigen::Ref<const Eigen::VectorXd>& markup,
                                       const Eigen::Ref<const Eigen::MatrixXd>& ownership_before,
                                       const Eigen::Ref<const Eigen::MatrixXd>& ownership_after);

/// GUPPI, J, as a fraction of price: gross pressure over price (Moresi 2010; Salop & Moresi 2009).
/// Throws InvalidInput where a price is not above 0 and the pressure is not 0.
Eigen::VectorXd compute_guppi(const Eigen::Ref<const Eigen::VectorXd>& gross_pressure,
                              const Eigen::Ref<const Eigen::VectorXd>& prices);

struct PricingPressure {
  Eigen::MatrixXd diversion;  // J×J, D_ij from i to j, −1 on the diagonal
  Eigen::VectorXd gross;      // J, currency per unit
  Eigen::VectorXd guppi;      // J, fraction of price
  Eigen::VectorXd net;        // J, gross less the product's own cost saving, currency per unit
};

/// All measures at the prices observed before. Markups are received·price − marginal_cost of
/// `before`; the own saving is marginal_cost before − after. Rivals' savings and the pressure of
/// one's own new margin on the partner are left out, as in Farrell & Shapiro's net index. A fringe
/// takes part in no deal: its product's weight on itself is not read.
PricingPressure compute_pricing_pressure(const Demand& demand,
                                         const Eigen::Ref<const Eigen::VectorXd>& prices,
                                         const Supply& before, const Supply& after);

}  // namespace entente::market
