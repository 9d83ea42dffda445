#pragma once

#include "engine/simulation/state/quarter.hpp"

namespace entente::simulation {

/// Orders for a product that its seller expects in quarter world.quarter + ahead, by the rule of
/// its firm, from what is known at the start of the quarter; quantity units, at the mean season's
/// activity. With x the last quarter's orders, ahead counted from it as n = ahead + 1 (from quarter
/// 0, which is observed, n = ahead):
///   naive      x
///   adaptive   L, L' = L + gain (x − L)                                    (Nerlove 1958)
///   trend      x·e^(g n), g' = g + gain (Δln x − g)                        (trend followers)
///   switching  Σ_h w_h f_h over those three, w_h ∝ exp(−intensity·E_h),
///              E' = memory·E + (100 ln(x/f_h))²     (Brock & Hommes 1997; Anufriev & Hommes 2012)
/// ahead ≥ 0, else std::invalid_argument. An order flow that stops is expected to stay away by
/// naive and trend followers; growth is taken only between two quarters with orders.
double expected_orders(const World& world, Index product, int ahead);

/// What sellers know of their orders at quarter 0. Activity of quarter 0 must be there.
void start_expectations(const Quarter& quarter, World& world);

/// Learns from this quarter's orders. next.quarter is the next one's.
void learn_from_orders(const World& world, const Quarter& quarter, World& next);

}  // namespace entente::simulation
