#include "engine/experiment/quantile.hpp"

#include <algorithm>
#include <cstddef>

namespace entente::experiment {

// Equal neighbours give their own value, which interpolation would miss by a rounding.
double sorted_quantile(const std::vector<double>& sorted, double probability) {
  const double position = static_cast<double>(sorted.size() - 1) * probability;
  const auto below = static_cast<std::size_t>(position);
  const auto above = std::min(below + 1, sorted.size() - 1);
  const double low = sorted[below];
  const double high = sorted[above];
  return low == high ? low : low + (position - static_cast<double>(below)) * (high - low);
}

}  // namespace entente::experiment
