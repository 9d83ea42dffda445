#pragma once

#include <optional>
#include <vector>

namespace entente::experiment {

/// Continuous ranked probability score of an ensemble, its members equally likely:
/// E|X − y| − E|X − X'|/2 (Gneiting & Raftery 2007, eq. 21), in the unit of y; 0 is best. Of one
/// member it is the absolute error. An empty ensemble throws std::invalid_argument.
double compute_crps(std::vector<double> members, double observed);

/// 1 − score/reference: 1 is perfect, 0 as good as the reference; nothing when the reference is
/// itself perfect.
std::optional<double> compute_skill(double score, double reference);

}  // namespace entente::experiment
