#pragma once

#include <vector>

#include "engine/scenario/field.hpp"
#include "engine/scenario/scenario.hpp"
#include "engine/simulation/state/quarter.hpp"

namespace entente::simulation {

/// Keys of markets and of products whose preferences are given.
std::vector<scenario::Field> given_preference_market_fields();
std::vector<scenario::Field> given_preference_product_fields();

/// Where preferences are given, shares and all that is inferred from them are outcomes and may not
/// be; where they are observed, nothing may be given. Reports what stands in the wrong market, and
/// what a market with given preferences lacks.
void check_preferences(const scenario::Scenario& scenario, const Economy& economy,
                       scenario::Faults& faults);

/// Who holds what before quarter 0: `base_share` in percent of all consumers, equal where none is
/// given; the rest hold nothing. Sets base shares of products, as shares of all that hold one.
/// Quantities of products are set to 1 until they are known, so that all count as on sale.
void read_given_base(const scenario::Scenario& scenario, Economy& economy, Market& market,
                     scenario::Faults& faults);

/// Preferences as stated, and holdings the same for all types. Cells must be there.
void adopt_given_preferences(const scenario::Scenario& scenario, const Economy& economy,
                             Market& market, population::Population& population);

/// Quarter 0 of one market as it follows from its preferences, costs and base: prices of sellers
/// who look at demand are their equilibrium, others stay as stated; then quantities and the share
/// of the outside good. Marginal costs of its inputs must be there. Throws MarketFailure where
/// there is no equilibrium.
void start_given_market(const scenario::Scenario& scenario, Economy& economy, World& world,
                        Quarter& quarter, Index market, scenario::Faults& faults);

}  // namespace entente::simulation
