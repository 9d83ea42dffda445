#include "engine/simulation/state/measure.hpp"

#include <algorithm>

namespace entente::simulation {

const std::vector<std::string>& measure_names() {
  static const std::vector<std::string> names = {"revenue_share", "unit_share",  "compute_share",
                                                 "line_share",    "usage_share", "revenue_usd_bn",
                                                 "lines",         "units"};
  return names;
}

std::optional<Measure> find_measure(std::string_view name) {
  const auto found = std::ranges::find(measure_names(), name);
  if (found == measure_names().end()) return std::nullopt;
  return static_cast<Measure>(found - measure_names().begin());
}

const std::string& name_of(Measure measure) {
  return measure_names().at(static_cast<std::size_t>(measure));
}

bool is_share(Measure measure) {
  return measure <= Measure::usage_share;
}

bool counts_revenue(Measure measure) {
  return measure == Measure::revenue_share || measure == Measure::revenue;
}

bool has_measure(std::string_view share_of, bool free, Measure measure) {
  switch (measure) {
    case Measure::compute_share:
      return share_of == "compute";
    case Measure::line_share:
    case Measure::lines:
      return share_of == "lines";
    case Measure::usage_share:
      return share_of == "usage";
    case Measure::revenue_share:
    case Measure::revenue:
      return !free;
    case Measure::unit_share:
    case Measure::units:
      return true;
  }
  return false;
}

}  // namespace entente::simulation
