#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "engine/simulation/state/economy.hpp"

namespace entente::simulation {

/// What is observed of a market over time: a share of it, or its size.
enum class Measure {
  revenue_share,
  unit_share,
  compute_share,
  line_share,
  usage_share,
  revenue,
  lines,
  units
};

/// "revenue_share", …, "revenue_usd_bn", "lines", "units".
const std::vector<std::string>& measure_names();
std::optional<Measure> find_measure(std::string_view name);
const std::string& name_of(Measure measure);

/// A share is in percent; what is none is a size.
bool is_share(Measure measure);

/// Whether it sums revenue rather than quantity.
bool counts_revenue(Measure measure);

/// Whether the market has it: shares of compute, lines or use, and lines, only where its `share_of`
/// says so; shares of revenue and revenue only where its goods have a price.
bool has_measure(std::string_view share_of, bool free, Measure measure);

}  // namespace entente::simulation
