#include "engine/experiment/precision/stopping_rule.hpp"

#include <algorithm>
#include <cmath>
#include <limits>
#include <stdexcept>
#include <utility>

namespace entente::experiment {

std::size_t look_ahead(const StoppingRule& rule, std::size_t count) {
  constexpr std::size_t proportional_above = 100;
  return count <= proportional_above ? rule.look_ahead
                                     : rule.look_ahead * count / proportional_above;
}

std::size_t fewest_replications(const StoppingRule& rule) {
  return rule.minimum + look_ahead(rule, rule.minimum);
}

StoppingSearch::StoppingSearch(std::vector<Precision> wanted, const StoppingRule& rule)
    : wanted_(std::move(wanted)), rule_(rule), means_(wanted_.size()) {
  if (rule.minimum < 2) throw std::invalid_argument("an interval needs at least two values");
}

void StoppingSearch::add(std::span<const double> values) {
  if (values.size() != means_.size()) throw std::invalid_argument("one value for each series");
  if (stop_) return;
  ++count_;
  for (std::size_t i = 0; i < values.size(); ++i) {
    if (!std::isnan(values[i])) means_[i].add(values[i]);
  }
  if (!is_met()) {
    met_since_.reset();
    return;
  }
  if (!met_since_) met_since_ = count_;
  // If it is broken later, so it is for every later start, whose look-ahead ends no earlier.
  if (count_ == *met_since_ + look_ahead(rule_, *met_since_)) stop_ = Stop{*met_since_, count_};
}

double StoppingSearch::excess(std::size_t series) const {
  return means_[series].count() < rule_.minimum ? std::numeric_limits<double>::infinity()
                                                : width_ratio(series);
}

double StoppingSearch::width_ratio(std::size_t series) const {
  const RunningMean& mean = means_[series];
  const double half_width = mean.half_width(rule_.confidence);
  if (half_width == 0.0) return 0.0;
  const Precision& wanted = wanted_[series];
  return half_width / (wanted.relative ? wanted.size * std::abs(mean.mean()) : wanted.size);
}

std::optional<std::size_t> StoppingSearch::widest() const {
  std::optional<std::size_t> widest;
  for (std::size_t i = 0; i < means_.size(); ++i) {
    if (means_[i].count() > 0 && (!widest || excess(i) > excess(*widest))) widest = i;
  }
  return widest;
}

double StoppingSearch::needed() const {
  double times = 0.0;  // of what there is
  for (std::size_t i = 0; i < means_.size(); ++i) {
    const auto values = static_cast<double>(means_[i].count());
    if (values == 0.0) continue;
    times = std::max(
        {times, static_cast<double>(rule_.minimum) / values, std::pow(width_ratio(i), 2.0)});
  }
  return times > 0.0 ? times * static_cast<double>(count_)
                     : std::numeric_limits<double>::infinity();
}

bool StoppingSearch::is_met() const {
  bool any = false;
  for (std::size_t i = 0; i < means_.size(); ++i) {
    if (means_[i].count() == 0) continue;
    if (excess(i) > 1.0) return false;
    any = true;
  }
  return any;
}

std::optional<Stop> find_stop(std::span<const double> sequence, const Precision& wanted,
                              const StoppingRule& rule) {
  StoppingSearch search({wanted}, rule);
  for (std::size_t i = 0; i < sequence.size() && !search.stop(); ++i)
    search.add(sequence.subspan(i, 1));
  return search.stop();
}

}  // namespace entente::experiment
