#pragma once

#include <vector>

#include "engine/experiment/series_view.hpp"
#include "engine/output/manifest.hpp"

namespace entente::experiment {

/// How the individuals of each market chose, over all replications and quarters, from
/// `chosen_by_bounds_percent` of the markets table. Markets without individuals are not in it.
std::vector<output::Manifest::ChoicePath> choice_paths(const Outcome& outcome);

}  // namespace entente::experiment
