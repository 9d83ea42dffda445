#include "engine/experiment/convergence.hpp"

#include <algorithm>
#include <cmath>

namespace entente::experiment {

Convergence convergence(const Outcome& outcome) {
  Convergence total;
  const auto view = TableView::find(outcome, "markets");
  const auto series = view ? view->series("pricing_residual") : std::nullopt;
  if (!series) return total;
  for (std::size_t r = 0; r < view->replications(); ++r) {
    const std::vector<double> values = view->values(r);
    for (std::size_t q = 0; q < view->quarters(); ++q) {
      for (std::size_t e = 0; e < view->entities(); ++e) {
        const double residual = values[view->place(q, e, *series)];
        if (std::isnan(residual)) continue;
        ++total.markets_priced;
        total.worst_residual = std::max(total.worst_residual.value_or(0.0), std::abs(residual));
      }
    }
  }
  return total;
}

}  // namespace entente::experiment
