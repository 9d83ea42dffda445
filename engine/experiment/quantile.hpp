#pragma once

#include <vector>

namespace entente::experiment {

/// The quantile of type 7 (Hyndman & Fan 1996) of ascending values, of which there is at least one:
/// linear between the order statistics around position (n − 1)·probability.
double sorted_quantile(const std::vector<double>& sorted, double probability);

}  // namespace entente::experiment
