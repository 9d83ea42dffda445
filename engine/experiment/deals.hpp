#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <vector>

#include "engine/experiment/series_view.hpp"

namespace entente::experiment {

/// How one partnership fared over the replications.
struct DealOutcome {
  std::string id;
  std::string kind;
  std::size_t formed = 0;                // replications in which it was ever active
  std::optional<double> final_strength;  // mean at the last quarter where it is active then
};

/// The partnerships of an outcome, in the order of their table; none when it has no such table.
std::vector<DealOutcome> deal_outcomes(const Outcome& outcome);

}  // namespace entente::experiment
