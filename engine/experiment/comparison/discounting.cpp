#include "engine/experiment/comparison/discounting.hpp"

#include <cmath>
#include <limits>

#include "engine/market/elementary.hpp"

namespace entente::experiment {

double discounted_total(std::span<const double> quarters, double annual_rate) {
  const double factor =
      market::deterministic_exp(-0.25 * market::deterministic_log(1.0 + annual_rate));
  double total = 0.0;
  double weight = 1.0;
  bool present = false;
  for (const double value : quarters) {
    if (!std::isnan(value)) {
      total += weight * value;
      present = true;
    }
    weight *= factor;
  }
  return present ? total : std::numeric_limits<double>::quiet_NaN();
}

}  // namespace entente::experiment
