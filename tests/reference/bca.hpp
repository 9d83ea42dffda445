#pragma once

#include <cstdint>
#include <vector>

namespace entente::reference {

/// Efron's BCa bootstrap (1987) of a mean. The comparison itself has no use for it.
struct BcaInterval {
  double bias = 0.0;          // z₀ = Φ⁻¹(share of resampled means below the mean)
  double acceleration = 0.0;  // Σu³ / 6(Σu²)^(3/2), u the means without one less those means' mean
  double low = 0.0;
  double high = 0.0;
};

/// Resamples by keyed draws. Values are at least two, and not all equal.
BcaInterval bca_interval(const std::vector<double>& values, std::uint32_t resamples,
                         double confidence);

}  // namespace entente::reference
