#pragma once

#include "engine/simulation/state/quarter.hpp"

namespace entente::simulation {

/// What the maker of a product expects to make in quarter world.quarter + ahead: the orders it
/// expects, as far as its capacity and shared resources on their planned paths allow; quantity
/// units.
double expected_production(const World& world, const Quarter& quarter, Index product, int ahead);

/// What the maker orders now of an input bought ahead, for delivery in `lead` quarters: expected
/// use then, plus a part of the gap between wanted and expected stock (anchoring and adjustment,
/// Sterman 1989); quantity units of the input. Orders bind, and there is no selling back.
double planned_order(const World& world, const Quarter& quarter, Index input);

/// Orders already placed at quarter 0 for this and later quarters, L×D: quarter 0's deliveries,
/// grown at the input's due_growth.
Eigen::MatrixXd initial_orders_due(const World& world);

}  // namespace entente::simulation
