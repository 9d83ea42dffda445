#include "engine/report/html/waterfall.hpp"

#include <algorithm>
#include <cmath>
#include <fmt/core.h>

#include "engine/report/html/number_text.hpp"

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
  const double without = attribution.without.mean;
  const double with = attribution.with.mean;
  auto text = fmt::format("With all deals together {} of {} goes from {} to {}", attribution.series,
                          attribution.entity, number_text(without, 4), number_text(with, 4));
  const auto largest = std::ranges::max_element(
      attribution.deals, {}, [](const auto& deal) { return std::abs(deal.estimate.mean); });
  if (largest == attribution.deals.end()) return text + ".";
  const auto& estimate = largest->estimate;
  text += fmt::format("; of the change by {}, {} accounts for most: {}",
                      change_text(with - without, 3), largest->deal, change_text(estimate.mean, 3));
  if (std::isnan(estimate.low) || std::isnan(estimate.high)) return text + ".";
  return text + fmt::format(" (95% interval {} to {}).", change_text(estimate.low, 3),
                            change_text(estimate.high, 3));
}

}  // namespace entente::report
