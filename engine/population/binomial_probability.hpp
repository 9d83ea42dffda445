#pragma once

#include <cstdint>

namespace entente::population {

/// ln P(X = successes) of a binomial X, by the deviance form of Loader (2000), "Fast and accurate
/// computation of binomial probabilities": nothing large cancels, so a probability has some 13
/// correct digits near the mean whatever the number of trials. Where double cannot hold trials ×
/// probability (above 2^53) it is that of a probability one rounding away. Same bits on every
/// processor. successes: 0 to trials; probability: in (0, 1).
double log_binomial_probability(std::int64_t successes, std::int64_t trials, double probability);

}  // namespace entente::population
