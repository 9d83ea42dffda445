#include "engine/experiment/comparison/run_comparison.hpp"

#include <algorithm>
#include <array>
#include <cmath>
#include <fmt/format.h>
#include <limits>

#include "engine/experiment/comparison/multiplicity.hpp"
#include "engine/experiment/comparison/table_comparison.hpp"
#include "engine/experiment/quantile.hpp"

namespace entente::experiment {

namespace {

constexpr double missing = std::numeric_limits<double>::quiet_NaN();

bool has(const std::vector<std::string>& names, const std::string& name) {
  return std::ranges::find(names, name) != names.end();
}

void adjust_p_values(std::vector<FigureDifference>& figures) {
  std::vector<double> p_values;
  std::vector<FigureDifference*> tested;
  for (auto& figure : figures) {
    figure.p_holm = figure.p_benjamini_hochberg = missing;
    if (figure.verdict != Finding::noise) continue;
    p_values.push_back(figure.difference.p_value);
    tested.push_back(&figure);
  }
  const auto holm = adjust_holm(p_values);
  const auto discovery = adjust_benjamini_hochberg(p_values);
  for (std::size_t i = 0; i < tested.size(); ++i) {
    tested[i]->p_holm = holm[i];
    tested[i]->p_benjamini_hochberg = discovery[i];
  }
}

/// Of significant figures where there are any: the noise of the others may be rounding.
std::optional<double> median_reduction(const RunComparison& comparison) {
  const auto counted =
      comparison.count(Finding::significant) > 0 ? Finding::significant : Finding::noise;
  std::vector<double> factors;
  for (const auto& figure : comparison.figures) {
    const double factor = figure.difference.variance_reduction;
    if (figure.verdict == counted && std::isfinite(factor)) factors.push_back(factor);
  }
  if (factors.empty()) return std::nullopt;
  std::ranges::sort(factors);
  return sorted_quantile(factors, 0.5);
}

std::string describe_pairing(const SamplePairs& pairs, bool one_seed, std::size_t base,
                             std::size_t other) {
  if (pairs.paired) {
    return fmt::format("{} replication{}, paired by shared draws", pairs.base.size(),
                       pairs.base.size() == 1 ? "" : "s");
  }
  return fmt::format("{} and {} replications, not paired: {}", base, other,
                     one_seed ? "no number is in both" : "their seeds differ");
}

}  // namespace

Tolerances run_tolerances() {
  Tolerances tolerances{{1e-12, 1e-9}, {}};
  // What is left of an equation that was solved is no outcome.
  tolerances.columns["pricing_residual"] = {1e-10, 0.0};
  return tolerances;
}

std::string name_of(Finding verdict) {
  constexpr std::array names = {"exact", "significant", "existence",
                                "noise", "untested",    "identical"};
  return names.at(static_cast<std::size_t>(verdict));
}

std::size_t RunComparison::count(Finding verdict) const {
  return static_cast<std::size_t>(std::ranges::count(figures, verdict, &FigureDifference::verdict));
}

bool RunComparison::differs() const {
  return !absences.empty() || count(Finding::identical) < figures.size();
}

// That a value exists in one run alone is an effect only where draws are shared.
bool RunComparison::differs_significantly() const {
  return count(Finding::exact) + count(Finding::significant) > 0 ||
         (paired && count(Finding::existence) > 0);
}

bool RunComparison::pairing_helps() const {
  return !variance_reduction || *variance_reduction >= least_helpful_reduction;
}

RunComparison compare_runs(const ComparedRun& base, const ComparedRun& other,
                           const ComparisonQuestion& question, scenario::Faults& faults) {
  RunComparison result;
  for (const auto& table : other.tables) {
    if (!has(base.tables, table)) result.absences.push_back({table, "", false});
  }
  for (const auto& name : base.tables) {
    if (!has(other.tables, name)) {
      result.absences.push_back({name, "", true});
      continue;
    }
    const auto base_table = base.load(name, faults);
    const auto other_table = other.load(name, faults);
    if (!faults.empty()) return result;
    const auto pairs = pair_samples(base_table, other_table, base.seed == other.seed);
    result.paired = pairs.paired;
    result.pairing =
        describe_pairing(pairs, base.seed == other.seed, base_table.replications.size(),
                         other_table.replications.size());
    compare_sample_tables(base_table, other_table, pairs, question, result);
  }
  adjust_p_values(result.figures);
  for (auto& figure : result.figures) {
    if (figure.p_holm <= 1.0 - question.confidence) figure.verdict = Finding::significant;
  }
  result.variance_reduction = median_reduction(result);
  std::ranges::stable_sort(result.figures, [](const auto& a, const auto& b) {
    if (a.verdict != b.verdict) return a.verdict < b.verdict;
    return a.size > b.size;
  });
  return result;
}

}  // namespace entente::experiment
