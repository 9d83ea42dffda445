#include "engine/report/html/overlay.hpp"

#include <algorithm>
#include <map>

namespace entente::report {

namespace {

/// Of a single contrast with and without deals, that is what its sides are called.
bool is_of_the_deals(const std::vector<ReportedRun>& runs) {
  return runs.size() == 2 && find_formed(runs[0]).empty() && !find_formed(runs[1]).empty();
}

bool look_at_the_same(const std::vector<Contrast>& contrasts) {
  const auto& first = contrasts.front();
  return std::ranges::all_of(contrasts, [&](const Contrast& contrast) {
    return contrast.with.replications == first.with.replications &&
           contrast.without->replications == first.without->replications;
  });
}

}  // namespace

void label_runs(std::vector<ReportedRun>& runs) {
  std::map<std::string, int> counts;
  for (const auto& run : runs)
    ++counts[run.record.title];
  for (auto& run : runs) {
    const auto& title = run.record.title;
    run.label = counts[title] == 1 ? title : title + " (" + run.name + ")";
  }
}

Overlay make_overlay(const std::vector<ReportedRun>& runs) {
  Overlay overlay;
  if (runs.size() == 1) {
    auto contrast = make_contrast(runs.front(), nullptr);
    if (contrast.without) overlay.sides.push_back(*contrast.without);
    overlay.sides.push_back(contrast.with);
    overlay.contrasts.push_back(std::move(contrast));
    return overlay;
  }
  const bool of_the_deals = is_of_the_deals(runs);
  for (std::size_t i = 1; i < runs.size(); ++i) {
    auto contrast = make_contrast(runs[i], &runs.front());
    contrast.with.label = of_the_deals ? "with the deals" : runs[i].label;
    contrast.without->label = of_the_deals ? "without the deals" : runs.front().label;
    overlay.contrasts.push_back(std::move(contrast));
  }
  if (look_at_the_same(overlay.contrasts)) {
    overlay.sides.push_back(*overlay.contrasts.front().without);
    for (const auto& contrast : overlay.contrasts)
      overlay.sides.push_back(contrast.with);
    return overlay;
  }
  for (const auto& run : runs)
    overlay.sides.push_back({run.label, &run, all_replications(run)});
  overlay.words =
      "The runs’ deals formed in different histories. So the charts show all histories of each "
      "run, in which a change is as much smaller as its deals are unsure.";
  return overlay;
}

}  // namespace entente::report
