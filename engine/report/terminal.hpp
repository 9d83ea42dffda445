#pragma once

#include <cstddef>
#include <cstdint>
#include <string>

#include "engine/experiment/series_view.hpp"
#include "engine/report/screen_text.hpp"

namespace entente::report {

/// What the screen says of the run itself.
struct RunFacts {
  std::string title;
  std::string folder;
  std::string representation;
  std::string first_quarter;
  std::string last_quarter;
  double seconds = 0.0;
  int threads = 1;
  std::int64_t parameter_redraws = 0;
  std::string stopping = {};   // how well means are known, where that ended the run
  std::string branching = {};  // what it went on from, where it began with saved states
};

/// One screen after a run: what ran, which deals formed, and each market's main series as a course
/// over time, from the first to the last quarter (means, with the 10–90% range over replications).
/// Tables and series that the run did not record are left out.
std::string run_screen(const RunFacts& facts, const experiment::Outcome& outcome,
                       const ScreenStyle& style);

}  // namespace entente::report
