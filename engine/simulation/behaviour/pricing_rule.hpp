#pragma once

#include <Eigen/Core>

#include "engine/simulation/posted_market.hpp"

namespace entente::simulation {

/// Holds the prices of sellers who do not price by `bertrand` where their rule puts them, and
/// leaves their capacity to rationing: the others then answer those prices. best_reply: J, the
/// Bertrand prices of all, at which the rules look.
///   adaptive  p = p' + price_adjustment (p* − p')           p' last quarter's, p* the best reply
///   markup    p = min((1 + μ) c, p*)              (Dosi, Fagiolo & Roventini 2010; bound: p*)
/// Where the bound binds, quarter.markup_bound_hits counts it. Returns whether a price was held.
bool hold_rule_prices(const World& world, Quarter& quarter, Index market,
                      const Eigen::Ref<const Eigen::VectorXd>& best_reply, PostedMarket& posted);

/// Markups of the observed quarter 0. Its marginal costs must be there.
void start_markups(const Quarter& quarter, World& world);

/// μ' = μ (1 + υ Δs/s) with the unit shares s of the last two quarters in which the product sold.
void revise_markups(const World& world, const Quarter& quarter, World& next);

}  // namespace entente::simulation
