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

  for (std::size_t e = 0; e < view->entities(); ++e) {
    const auto& keys = view->table().rows[e];
    DealOutcome deal{keys[*id], kind ? keys[*kind] : std::string(), 0, std::nullopt};
    double sum = 0.0;
    std::size_t active_at_end = 0;
    for (std::size_t r = 0; r < view->replications(); ++r) {
      bool ever = false;
      for (std::size_t q = 0; q < view->quarters() && !ever; ++q) {
        ever = view->value(r, q, e, *active) > 0.0;
      }
      if (ever) ++deal.formed;
      const std::size_t last = view->quarters() - 1;
      if (!strength || !(view->value(r, last, e, *active) > 0.0)) continue;
      const double final_strength = view->value(r, last, e, *strength);
      if (std::isnan(final_strength)) continue;
      sum += final_strength;
      ++active_at_end;
    }
    if (active_at_end > 0) deal.final_strength = sum / static_cast<double>(active_at_end);
    deals.push_back(std::move(deal));
  }
  return deals;
}

}  // namespace entente::experiment
