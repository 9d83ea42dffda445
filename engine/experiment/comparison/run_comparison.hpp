#pragma once

#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "engine/experiment/comparison/difference.hpp"
#include "engine/experiment/comparison/sample_table.hpp"
#include "engine/experiment/comparison/tolerance.hpp"
#include "engine/scenario/diagnostic.hpp"

namespace entente::experiment {

/// A run as a comparison reads it, a table at a time.
struct ComparedRun {
  std::string name;  // as the user names it
  std::string title;
  std::string version;
  std::uint64_t seed = 0;
  std::vector<std::string> tables;
  std::function<SampleTable(const std::string& table, scenario::Faults& faults)> load;
};

/// A margin within which differences do not matter: in the unit of the series, or a share of the
/// base's mean.
struct Margin {
  double size = 0.0;
  bool relative = false;
};

struct ComparisonQuestion {
  double confidence = 0.95;
  double discount_rate = 0.0;  // per year, for totals
  std::optional<Margin> margin;
  Tolerances tolerances;  // a figure whose every value is within them is identical
};

/// Differences below what prices are solved to are no differences: 1e-9 of the larger value.
Tolerances run_tolerances();

enum class Finding {
  exact,        // shared draws, and every replication differs by the same
  significant,  // p by Holm is at most 1 − confidence
  existence,    // of values: in some replications one run has a value and the other none
  noise,        // tested, not significant
  untested,     // a single replication has a value
  identical
};
std::string name_of(Finding verdict);

/// One figure: a series of an entity in one quarter, or its discounted total.
struct FigureDifference {
  std::string table;
  std::string quarter;  // or "total"
  std::string entity;
  std::string series;
  std::string unit;
  Difference difference;
  double size = 0.0;  // |mean| / max(|base mean|, |other mean|)
  double p_holm = 0.0;
  double p_benjamini_hochberg = 0.0;
  double band_low = 0.0;  // simultaneous over the quarters; NaN where there is none
  double band_high = 0.0;
  Finding verdict = Finding::identical;
};

/// A row or table that only one run has.
struct Absence {
  std::string table;
  std::string what;  // "quarter 2026Q1", an entity's keys, "series …"; empty for the whole table
  bool only_base = false;
};

/// Shared draws that divide the variance by less are hardly worth sharing.
inline constexpr double least_helpful_reduction = 1.2;

struct RunComparison {
  bool paired = false;
  std::string pairing;                    // in words: "200 replications, paired by shared draws"
  std::vector<FigureDifference> figures;  // by verdict as listed, then largest first
  std::vector<Absence> absences;
  std::optional<double> variance_reduction;  // median over significant figures, else noise

  std::size_t count(Finding verdict) const;
  bool differs() const;
  bool differs_significantly() const;
  bool pairing_helps() const;  // as far as is known
};

/// Compares what both runs have. Replications of one number are paired when the runs have one seed;
/// else the samples are independent. All tests of the comparison are one family.
RunComparison compare_runs(const ComparedRun& base, const ComparedRun& other,
                           const ComparisonQuestion& question, scenario::Faults& faults);

}  // namespace entente::experiment
