#pragma once

#include <cstdint>

#include "engine/population/random_stream.hpp"
#include "engine/scenario/field.hpp"
#include "engine/scenario/scenario.hpp"

namespace entente::experiment {

/// The scenario with its figures drawn, or why these draws are none.
struct ParameterDraw {
  scenario::Scenario scenario;
  scenario::Faults faults;  // a figure left its bounds to keep a sum
};

/// Draws every figure that has a range: one keyed uniform u on [−1, 1) each, or each name of
/// `together`, so that scenarios of one seed share the draws of all figures they both have. A mark
/// gives value·(1+r)^u with r of 0.05 (A), 0.10 (B), 0.25 (C) or 0.50 (D), log-uniform and of the
/// value's sign; where that would leave the bounds of its key, it goes linearly to the bound
/// instead. A range gives value + (high − value)·u above and value + (value − low)·u below.
/// `draws` has seed and replication; `attempt` counts draws whose quarter 0 was infeasible.
ParameterDraw draw_parameters(const scenario::Scenario& scenario, const scenario::Schema& schema,
                              const population::Draws& draws, std::uint32_t attempt);

/// Figures whose random streams meet: a fault of their names.
scenario::Faults find_meeting_draws(const scenario::Scenario& scenario,
                                    const scenario::Schema& schema);

}  // namespace entente::experiment
