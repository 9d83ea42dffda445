#pragma once

#include "engine/scenario/scenario.hpp"
#include "engine/simulation/state/quarter.hpp"

namespace entente::simulation {

/// What a firm spends this quarter on the research of one product, USD bn: research_share of the
/// product's last quarterly revenue while it is on offer. Contracts do not pay for quality here, so
/// there is no research in contract markets.
double research_spending(const World& world, const Quarter& quarter, Index product);

/// Revenue of quarter 0; where a margin is reported, research of quarter 0 is taken out of the
/// fixed cost that was calibrated to it.
void start_research(const scenario::Scenario& scenario, Economy& economy, World& world);

/// A success, with probability 1 − exp(−ζ·spending) by a draw of the product and quarter, adds
/// research_step to next quarter's quality (Dosi, Fagiolo & Roventini 2010): returns to spending
/// diminish, and more of it never succeeds less.
void innovate(const World& world, const Quarter& quarter, const population::Draws& draws,
              World& next);

}  // namespace entente::simulation
