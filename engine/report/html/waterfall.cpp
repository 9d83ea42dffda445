#include "engine/report/html/waterfall.hpp"

#include <algorithm>
#include <cmath>
#include <fmt/core.h>

namespace entente::report {

namespace {

double relative_change(const experiment::Attribution& attribution) {
  const double scale = std::abs(attribution.with.mean) + std::abs(attribution.without.mean);
  return scale > 0.0 ? std::abs(attribution.with.mean - attribution.without.mean) / scale : 0.0;
}

}  // namespace

std::vector<experiment::Attribution> most_affected_first(
    std::vector<experiment::Attribution> attributions) {
  std::ranges::stable_sort(attributions, std::ranges::greater{}, relative_change);
  return attributions;
}

std::string sentence(const experiment::Attribution& attribution) {
  auto text =
      fmt::format("With all deals together {} of {} goes from {:.4g} to {:.4g}", attribution.series,
                  attribution.entity, attribution.without.mean, attribution.with.mean);
  const auto largest = std::ranges::max_element(
      attribution.deals, {}, [](const auto& deal) { return std::abs(deal.estimate.mean); });
  if (largest == attribution.deals.end()) return text + ".";
  const auto& estimate = largest->estimate;
  text +=
      fmt::format("; of the change by {:+.3g}, {} accounts for most: {:+.3g}",
                  attribution.with.mean - attribution.without.mean, largest->deal, estimate.mean);
  if (std::isnan(estimate.low) || std::isnan(estimate.high)) return text + ".";
  return text + fmt::format(" (95% interval {:+.3g} to {:+.3g}).", estimate.low, estimate.high);
}

}  // namespace entente::report
