#include "engine/experiment/choice_paths.hpp"

#include <cmath>

namespace entente::experiment {

std::vector<output::Manifest::ChoicePath> choice_paths(const Outcome& outcome) {
  std::vector<output::Manifest::ChoicePath> paths;
  const auto view = TableView::find(outcome, "markets");
  const auto series = view ? view->series("chosen_by_bounds_percent") : std::nullopt;
  const auto key = view ? view->key("market") : std::nullopt;
  if (!series || !key) return paths;
  std::vector<bool> any(view->entities(), false);
  std::vector<bool> by_bounds(view->entities(), false);
  for (std::size_t replication = 0; replication < view->replications(); ++replication) {
    const std::vector<double> values = view->values(replication);
    for (std::size_t quarter = 0; quarter < view->quarters(); ++quarter) {
      for (std::size_t entity = 0; entity < view->entities(); ++entity) {
        const double percent = values[view->place(quarter, entity, *series)];
        if (!std::isnan(percent)) any[entity] = true;
        if (percent > 0.0) by_bounds[entity] = true;
      }
    }
  }
  for (std::size_t entity = 0; entity < view->entities(); ++entity) {
    if (!any[entity]) continue;
    paths.push_back(
        {view->table().rows[entity][*key], by_bounds[entity] ? "bounds" : "all weights"});
  }
  return paths;
}

}  // namespace entente::experiment
