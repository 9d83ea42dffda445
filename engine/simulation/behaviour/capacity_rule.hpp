#pragma once

#include "engine/simulation/state/quarter.hpp"

namespace entente::simulation {

/// Capacity of the next quarter, in logs: its planned growth, and what was ordered build_lag
/// quarters ago. A quarter's order, with K capacity and B what is being built, in log points,
///   planned   capacity_response · max(0, ln(orders/K) − B)
///   expected  capacity_speed · max(0, ln(expected orders/capacity_utilisation) − ln K̂ − B)
/// K̂ is K with its planned growth until the capacity comes on line, and the orders are those
/// expected then. Counting what is being built keeps a lagged answer from being given again and
/// again (Sterman 1989). Capacity never falls below its planned path. Expectations of the next
/// quarter must be there.
void expand_capacity(const World& world, const Quarter& quarter, World& next);

/// Nothing is being built in quarter 0.
void start_construction(World& world);

}  // namespace entente::simulation
