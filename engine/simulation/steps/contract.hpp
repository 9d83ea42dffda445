#pragma once

#include <vector>

#include "engine/market/vertical/input_bargains.hpp"
#include "engine/simulation/state/quarter.hpp"

namespace entente::simulation {

/// The bargains over one market's goods with the makers of another market's products, at the
/// quarter's posted prices as far as they are set.
struct ContractTalks {
  market::InputBargains bargains;
  std::vector<Index> links;  // index of each bargain's link in the economy
};

/// Talks of a contract market, one with each market whose products take its goods. A captive
/// product is worth what merchants' products of its market cost; a supplier whose orders exceed its
/// capacity counts, beside its cost, what the unit earns elsewhere: its mean margin, times the part
/// of orders it could not serve. Weights are the links' calibrated ones, shifted by partnerships.
std::vector<ContractTalks> describe_talks(const World& world, const Quarter& quarter,
                                          Index input_market);

/// What a unit of a supplier under contract earns elsewhere, beyond its cost, where last quarter's
/// orders exceeded capacity; currency per unit.
double scarcity_rent(const World& world, const Quarter& quarter, Index supplier);

/// The buyer's weight of a link under this quarter's terms.
double shifted_weight(const World& world, const Quarter& quarter, Index link);

/// Prices of all links of a contract market: bargained all at once (compute_input_prices), repriced
/// a fraction a quarter, under the partnerships' terms. A residual buyer pays what the supplier's
/// other contracts do on average.
void price_contracts(const World& world, Quarter& quarter, Index market);

}  // namespace entente::simulation
