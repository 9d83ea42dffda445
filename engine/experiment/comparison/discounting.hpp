#pragma once

#include <span>

namespace entente::experiment {

/// Σ value_q · (1 + annual_rate)^(−q/4) over quarters from 0; a missing value (NaN) adds nothing.
/// NaN when all are missing.
double discounted_total(std::span<const double> quarters, double annual_rate);

}  // namespace entente::experiment
