#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "engine/experiment/attribution_table.hpp"
#include "engine/experiment/comparison/sample_table.hpp"
#include "engine/output/manifest.hpp"

namespace entente::report {

/// A finished run with the tables that a report shows.
struct ReportedRun {
  std::string name;  // as the user names it
  output::RunRecord record;
  std::vector<experiment::SampleTable> tables;
  std::vector<experiment::Attribution> attributions = {};  // empty when none was made
  std::string label = {};                                  // what the page calls it

  const experiment::SampleTable* table(std::string_view table_name) const;
};

/// Histories of one run that are shown as one.
struct History {
  std::string label;
  const ReportedRun* run = nullptr;
  std::vector<std::uint64_t> replications;

  /// Values of a series in the histories that have one; NaN is missing. Nothing where the run has
  /// no such table, series, entity or quarter.
  std::vector<double> values(std::string_view table, std::string_view entity,
                             std::string_view series, std::string_view quarter) const;
};

/// The two sides of "with and without the deals".
struct Contrast {
  History with;
  std::optional<History> without;
  bool paired = false;  // history by history, by shared draws
  std::string words;    // what is set against what, for the reader
};

/// Replications of the run that have results.
const std::vector<std::uint64_t>& all_replications(const ReportedRun& run);

/// Those in which some deal was ever in force.
std::vector<std::uint64_t> find_formed(const ReportedRun& run);

/// With a base: the run's histories in which a deal was ever in force (all, when there is none)
/// against the same histories of the base when both share their draws, else against all of them.
/// Without one: those in which a deal was in force against the others, if there are both.
/// The contrast points into the runs.
Contrast make_contrast(const ReportedRun& run, const ReportedRun* base);

}  // namespace entente::report
