#include "engine/experiment/comparison/table_comparison.hpp"

#include <algorithm>
#include <cmath>
#include <limits>
#include <map>
#include <span>
#include <utility>

#include "engine/experiment/comparison/band.hpp"
#include "engine/experiment/comparison/discounting.hpp"

namespace entente::experiment {

namespace {

constexpr double missing = std::numeric_limits<double>::quiet_NaN();
constexpr std::size_t band_resamples = 400;
// Of each run: a megabyte.
constexpr std::size_t numbers_at_a_time = std::size_t{1} << 17U;
// Money of a quarter adds up over quarters; levels such as prices and shares do not.
constexpr auto summed_unit = "USD bn";

using Values = std::vector<double>;
using Match = std::pair<std::size_t, std::size_t>;  // position in the base, in the other

/// Positions of the names that both have; what only one has is told.
std::vector<Match> match_names(const std::vector<std::string>& base,
                               const std::vector<std::string>& other, const std::string& table,
                               const std::string& kind, std::vector<Absence>& absences) {
  std::map<std::string, std::size_t> positions;
  for (std::size_t i = 0; i < other.size(); ++i)
    positions.emplace(other[i], i);
  std::vector<Match> matches;
  for (std::size_t i = 0; i < base.size(); ++i) {
    const auto found = positions.find(base[i]);
    if (found == positions.end()) {
      absences.push_back({table, kind + base[i], true});
    } else {
      matches.emplace_back(i, found->second);
      positions.erase(found);
    }
  }
  for (const auto& name : other) {
    if (positions.contains(name)) absences.push_back({table, kind + name, false});
  }
  return matches;
}

std::vector<std::string> names_of(const std::vector<output::Series>& series) {
  std::vector<std::string> names;
  names.reserve(series.size());
  for (const auto& each : series)
    names.push_back(each.name);
  return names;
}

Values pick(std::span<const double> values, const std::vector<std::size_t>& positions) {
  Values picked;
  picked.reserve(positions.size());
  for (const auto position : positions)
    picked.push_back(values[position]);
  return picked;
}

Values present(const Values& values) {
  Values kept;
  std::ranges::copy_if(values, std::back_inserter(kept),
                       [](double value) { return !std::isnan(value); });
  return kept;
}

Finding verdict_of(Evidence evidence) {
  switch (evidence) {
    case Evidence::identical:
      return Finding::identical;
    case Evidence::exact:
      return Finding::exact;
    case Evidence::tested:
      return Finding::noise;
    case Evidence::untested:
      break;
  }
  return Finding::untested;
}

Difference difference_of_none(const Values& base, const Values& other) {
  Difference none;
  none.base_count = base.size();
  none.other_count = other.size();
  for (double* const figure : {&none.base_mean, &none.other_mean, &none.mean, &none.relative,
                               &none.standard_error, &none.degrees, &none.low, &none.high,
                               &none.p_value, &none.equivalence_p, &none.variance_reduction})
    *figure = missing;
  return none;
}

double mean_of(const Values& values) {
  double sum = 0.0;
  for (const double value : values)
    sum += value;
  return sum / static_cast<double>(values.size());
}

/// Compares the tables' cells one by one.
class TableComparison {
 public:
  TableComparison(const SampleTable& base, const SampleTable& other, const SamplePairs& pairs,
                  const ComparisonQuestion& question, RunComparison& result)
      : base_(base), other_(other), pairs_(pairs), question_(question), result_(result) {
    if (pairs.paired && pairs.base.size() > 1) {
      weights_ = bootstrap_weights(pairs.base.size(), band_resamples);
    }
  }

  void compare() {
    std::vector<Absence> absent_quarters;
    quarters_ =
        match_names(base_.quarters, other_.quarters, base_.name, "quarter ", absent_quarters);
    // A table without a row has no quarters either, which says nothing of its own.
    if (!base_.entities.empty() && !other_.entities.empty()) {
      result_.absences.insert(result_.absences.end(), absent_quarters.begin(),
                              absent_quarters.end());
    }
    const auto entities =
        match_names(base_.entities, other_.entities, base_.name, "", result_.absences);
    const auto series = match_names(names_of(base_.series), names_of(other_.series), base_.name,
                                    "series ", result_.absences);
    const std::size_t at_a_time = series_at_a_time();
    for (const auto& entity : entities) {
      for (std::size_t first = 0; first < series.size(); first += at_a_time) {
        const std::size_t count = std::min(at_a_time, series.size() - first);
        compare_entity(entity, std::span(series).subspan(first, count));
      }
    }
  }

 private:
  /// So many, that what of the runs is in memory is bounded, or a single one.
  std::size_t series_at_a_time() const {
    const std::size_t one =
        std::max({base_.replications.size() * base_.quarters.size(),
                  other_.replications.size() * other_.quarters.size(), std::size_t{1}});
    return std::max(std::size_t{1}, numbers_at_a_time / one);
  }

  void compare_entity(Match entity, std::span<const Match> series) {
    std::vector<std::size_t> base_series;
    std::vector<std::size_t> other_series;
    for (const auto& [in_base, in_other] : series) {
      base_series.push_back(in_base);
      other_series.push_back(in_other);
    }
    const auto base = base_.read(entity.first, base_series);
    const auto other = other_.read(entity.second, other_series);
    for (std::size_t s = 0; s < series.size(); ++s)
      compare_course(entity, series[s], base, other, s);
  }

  /// A series of an entity over all quarters, then its total.
  void compare_course(Match entity, Match series, const EntitySamples& base_samples,
                      const EntitySamples& other_samples, std::size_t position) {
    const auto first = result_.figures.size();
    std::vector<Values> base;
    std::vector<Values> other;
    for (const auto& [base_quarter, other_quarter] : quarters_) {
      base.push_back(pick(base_samples.at(position, base_quarter), pairs_.base));
      other.push_back(pick(other_samples.at(position, other_quarter), pairs_.other));
      add(entity, series, base_.quarters[base_quarter], base.back(), other.back());
    }
    add_band(first, base, other);
    if (base_.series[series.first].unit == summed_unit && quarters_.size() > 1) {
      add(entity, series, "total", totals(base), totals(other));
    }
  }

  void add(Match entity, Match series, const std::string& quarter, const Values& base,
           const Values& other) {
    FigureDifference figure;
    figure.table = base_.name;
    figure.quarter = quarter;
    figure.entity = base_.entities[entity.first];
    figure.series = base_.series[series.first].name;
    figure.unit = base_.series[series.first].unit;
    figure.band_low = figure.band_high = missing;
    set_difference(figure, base, other);
    const double largest =
        std::max(std::abs(figure.difference.base_mean), std::abs(figure.difference.other_mean));
    figure.size = largest > 0.0 ? std::abs(figure.difference.mean) / largest : 0.0;
    result_.figures.push_back(std::move(figure));
  }

  void set_difference(FigureDifference& figure, const Values& base, const Values& other) const {
    const Values base_present = present(base);
    const Values other_present = present(other);
    Values base_pairs;
    Values other_pairs;
    bool same_places = pairs_.paired;
    for (std::size_t i = 0; pairs_.paired && i < base.size(); ++i) {
      same_places = same_places && std::isnan(base[i]) == std::isnan(other[i]);
      if (std::isnan(base[i]) || std::isnan(other[i])) continue;
      base_pairs.push_back(base[i]);
      other_pairs.push_back(other[i]);
    }
    const Values& left = pairs_.paired ? base_pairs : base_present;
    const Values& right = pairs_.paired ? other_pairs : other_present;
    if (left.empty() || right.empty()) {
      figure.difference = difference_of_none(base_present, other_present);
      figure.verdict =
          base_present.empty() && other_present.empty() ? Finding::identical : Finding::existence;
      return;
    }
    const DifferenceQuestion question{question_.confidence, margin(left)};
    figure.difference = pairs_.paired ? compute_paired_difference(left, right, question)
                                      : compute_unpaired_difference(left, right, question);
    figure.verdict = verdict_of(figure.difference.evidence);
    if (within_tolerance(figure.series, left, right)) figure.verdict = Finding::identical;
    if (pairs_.paired) {
      figure.difference.base_count = base_present.size();
      figure.difference.other_count = other_present.size();
      if (figure.verdict == Finding::identical && !same_places) figure.verdict = Finding::existence;
    }
  }

  std::optional<double> margin(const Values& base) const {
    if (!question_.margin) return std::nullopt;
    const double size = question_.margin->relative
                            ? question_.margin->size * std::abs(mean_of(base))
                            : question_.margin->size;
    return size > 0.0 ? std::optional(size) : std::nullopt;
  }

  /// Unpaired samples are within it only where both are one number.
  bool within_tolerance(const std::string& series, const Values& base, const Values& other) const {
    const CellTolerance& tolerance = question_.tolerances.of(series);
    if (pairs_.paired) {
      return std::ranges::equal(base, other,
                                [&](double a, double b) { return tolerance.allows(a, b); });
    }
    const auto near = [&](double value) { return tolerance.allows(base.front(), value); };
    return std::ranges::all_of(base, near) && std::ranges::all_of(other, near);
  }

  Values totals(const std::vector<Values>& by_quarter) const {
    Values totals;
    Values course(by_quarter.size());
    for (std::size_t r = 0; r < by_quarter.front().size(); ++r) {
      for (std::size_t q = 0; q < course.size(); ++q)
        course[q] = by_quarter[q][r];
      totals.push_back(discounted_total(course, question_.discount_rate));
    }
    return totals;
  }

  /// Of the figures from `first` on, where shared draws give every replication a value.
  void add_band(std::size_t first, const std::vector<Values>& base,
                const std::vector<Values>& other) {
    if (weights_.size() == 0 || base.empty()) return;
    bool tested = false;
    Eigen::MatrixXd differences(weights_.cols(), static_cast<Eigen::Index>(base.size()));
    for (std::size_t q = 0; q < base.size(); ++q) {
      tested = tested || result_.figures[first + q].verdict == Finding::noise;
      for (std::size_t r = 0; r < base[q].size(); ++r) {
        differences(static_cast<Eigen::Index>(r), static_cast<Eigen::Index>(q)) =
            other[q][r] - base[q][r];
      }
    }
    if (!tested || !differences.allFinite()) return;
    const double critical = sup_t_critical(differences, weights_, question_.confidence);
    for (std::size_t q = 0; q < base.size(); ++q) {
      FigureDifference& figure = result_.figures[first + q];
      figure.band_low = figure.difference.mean - critical * figure.difference.standard_error;
      figure.band_high = figure.difference.mean + critical * figure.difference.standard_error;
    }
  }

  const SampleTable& base_;
  const SampleTable& other_;
  const SamplePairs& pairs_;
  const ComparisonQuestion& question_;
  RunComparison& result_;
  std::vector<Match> quarters_;
  BootstrapWeights weights_;
};

}  // namespace

SamplePairs pair_samples(const SampleTable& base, const SampleTable& other, bool shared_draws) {
  SamplePairs pairs;
  for (std::size_t b = 0; shared_draws && b < base.replications.size(); ++b) {
    const auto found = std::ranges::find(other.replications, base.replications[b]);
    if (found == other.replications.end()) continue;
    pairs.base.push_back(b);
    pairs.other.push_back(static_cast<std::size_t>(found - other.replications.begin()));
  }
  pairs.paired = !pairs.base.empty();
  if (pairs.paired) return pairs;
  for (std::size_t b = 0; b < base.replications.size(); ++b)
    pairs.base.push_back(b);
  for (std::size_t o = 0; o < other.replications.size(); ++o)
    pairs.other.push_back(o);
  return pairs;
}

void compare_sample_tables(const SampleTable& base, const SampleTable& other,
                           const SamplePairs& pairs, const ComparisonQuestion& question,
                           RunComparison& result) {
  TableComparison(base, other, pairs, question, result).compare();
}

}  // namespace entente::experiment
