#pragma once

#include <cstdint>
#include <optional>

#include "engine/experiment/series_view.hpp"

namespace entente::experiment {

/// How well prices were solved, from the `pricing_residual` of the markets table.
struct Convergence {
  std::int64_t markets_priced = 0;       // market-quarters with a residual, over all replications
  std::optional<double> worst_residual;  // absent when none was priced
};

Convergence convergence(const Outcome& outcome);

}  // namespace entente::experiment
