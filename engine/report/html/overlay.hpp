#pragma once

#include <string>
#include <vector>

#include "engine/report/html/contrast.hpp"

namespace entente::report {

/// What a page lays over one another, and what it sets against what.
struct Overlay {
  std::vector<History> sides;       // drawn in every chart; what the others are set against first
  std::vector<Contrast> contrasts;  // each run beside the base against it; a single run by itself
  std::string words;                // which histories the charts show, where contrasts differ in it
};

/// Calls each run by its title, with the name of its folder where others have the title too.
void label_runs(std::vector<ReportedRun>& runs);

/// The first run is the base of the others. One other is drawn in the histories of its contrast;
/// several that look at different ones, in all histories, so that luck is not taken for an effect.
/// Points into the runs, at least one and labelled.
Overlay make_overlay(const std::vector<ReportedRun>& runs);

}  // namespace entente::report
