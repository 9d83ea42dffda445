#include "engine/experiment/backtest/scores.hpp"

#include <algorithm>
#include <cmath>
#include <stdexcept>

namespace entente::experiment {

double compute_crps(std::vector<double> members, double observed) {
  if (members.empty()) throw std::invalid_argument("a score needs an ensemble");
  std::sort(members.begin(), members.end());
  const auto count = static_cast<double>(members.size());
  double miss = 0.0;
  double spread = 0.0;  // Σ over pairs |x − x'|, as each gap between neighbours splits the sorted
  for (std::size_t i = 0; i < members.size(); ++i) {
    miss += std::abs(members[i] - observed);
    if (i == 0) continue;
    const auto below = static_cast<double>(i);
    spread += (members[i] - members[i - 1]) * below * (count - below);
  }
  return miss / count - spread / (count * count);
}

std::optional<double> compute_skill(double score, double reference) {
  if (!(reference > 0.0)) return std::nullopt;
  return 1.0 - score / reference;
}

}  // namespace entente::experiment
