#pragma once

#include <optional>
#include <vector>

namespace entente::reference {

// Tests of paired differences without a distribution, as SciPy 1.10 has them: what cases store
// beside the t test. The comparison itself does not use them.

struct SignedRanks {
  double statistic = 0.0;  // the smaller of both sums of ranks
  double p_value = 1.0;    // exact up to 25 differences when none is 0, else normal
};
/// Wilcoxon's; zeros are dropped, ties share their ranks.
SignedRanks signed_rank_test(std::vector<double> differences);

/// Two-sided binomial test of the signs; zeros are dropped.
double sign_test(const std::vector<double>& differences);

/// Share of sign changes whose sum is as far from 0; nothing above 20 differences.
std::optional<double> sign_flip_test(const std::vector<double>& differences);

/// Median of the means of all pairs, each value with itself included (Hodges & Lehmann 1963).
double hodges_lehmann(const std::vector<double>& differences);

}  // namespace entente::reference
