#pragma once

#include "engine/scenario/scenario.hpp"
#include "engine/simulation/state/quarter.hpp"

namespace entente::simulation {

/// Prices of all links between the sellers and the accounts of a market that bargains: each pair's
/// Nash bargain given all others (compute_buyer_prices) over what the account then buys, repriced a
/// fraction a quarter, under the partnerships' terms. Also the products' mean price at quarter-0
/// sizes of accounts. A supplier short of capacity counts what a unit earns elsewhere as cost.
void price_accounts(const World& world, Quarter& quarter, Index market);

/// Adds to demand, as build_demand gives it, what each account pays other than the product's mean
/// price.
void add_account_prices(const Quarter& quarter, const Market& market, market::Demand& demand);

/// The buyers' weights at which the prices of quarter 0 are the bargains; an account that does not
/// buy a product yet has its mean weight.
void calibrate_account_bargains(const scenario::Scenario& scenario, Economy& economy,
                                const World& world, const Quarter& quarter,
                                scenario::Faults& faults);

}  // namespace entente::simulation
