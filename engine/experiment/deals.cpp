#include "engine/experiment/deals.hpp"

#include <cmath>

namespace entente::experiment {

std::vector<DealOutcome> deal_outcomes(const Outcome& outcome) {
  std::vector<DealOutcome> deals;
  const auto view = TableView::find(outcome, "partnerships");
  if (!view || view->quarters() == 0) return deals;
  const auto id = view->key("partnership");
  const auto kind = view->key("kind");
  const auto active = view->series("active");
  const auto strength = view->series("strength");
  if (!id || !active) return deals;

  std::vector<double> strengths(view->entities());
  std::vector<std::size_t> active_at_end(view->entities());
  for (const auto& keys : view->table().rows)
    deals.push_back({keys[*id], kind ? keys[*kind] : std::string(), 0, std::nullopt});
  for (std::size_t r = 0; r < view->replications(); ++r) {
    const std::vector<double> values = view->values(r);
    const std::size_t last = view->quarters() - 1;
    for (std::size_t e = 0; e < view->entities(); ++e) {
      bool ever = false;
      for (std::size_t q = 0; q <= last && !ever; ++q)
        ever = values[view->place(q, e, *active)] > 0.0;
      if (ever) ++deals[e].formed;
      if (!strength || !(values[view->place(last, e, *active)] > 0.0)) continue;
      const double final_strength = values[view->place(last, e, *strength)];
      if (std::isnan(final_strength)) continue;
      strengths[e] += final_strength;
      ++active_at_end[e];
    }
  }
  for (std::size_t e = 0; e < deals.size(); ++e) {
    if (active_at_end[e] > 0)
      deals[e].final_strength = strengths[e] / static_cast<double>(active_at_end[e]);
  }
  return deals;
}

}  // namespace entente::experiment
