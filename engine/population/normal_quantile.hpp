#pragma once

namespace entente::population {

/// Quantile of the standard normal distribution, 0 < p ≤ 1/2, to about 1e-16 relative, with the
/// same bits on any processor. Wichura 1988, Algorithm AS 241 (PPND16).
double lower_normal_quantile(double p);

}  // namespace entente::population
