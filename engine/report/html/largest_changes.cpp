#include "engine/report/html/largest_changes.hpp"

#include <algorithm>
#include <array>
#include <cmath>
#include <fmt/core.h>

#include "engine/experiment/comparison/difference.hpp"
#include "engine/experiment/comparison/multiplicity.hpp"
#include "engine/report/html/number_text.hpp"

namespace entente::report {

namespace {

/// A series that a report judges, in the order in which its changes are told.
struct Judged {
  const char* table;
  const char* series;
  const char* name;  // "{}" stands for whose it is
  const char* unit;
  bool relative;  // sizes are shares of the value without the deals
};

constexpr std::array judged_series = {
    Judged{"products", "share_percent", "share of {}", "percentage points", false},
    Judged{"products", "price_usd", "price of {}", "USD", true},
    Judged{"firms", "profit_usd_bn", "quarterly profit of {}", "USD bn", false},
    Judged{"markets", "hhi", "HHI of {}", "points", false},
    Judged{"markets", "price_index", "price index of {}", "points of quarter 0", false},
    Judged{"markets", "consumer_surplus_change_usd_bn", "quarterly consumer surplus in {}",
           "USD bn", false}};

/// market/product/firm is "product in market"; of market/(what its shares are of) the market.
std::string subject_of(const std::string& entity) {
  const auto first = entity.find('/');
  const auto second = first == std::string::npos ? first : entity.find('/', first + 1);
  if (second == std::string::npos) return entity.substr(0, first);
  return entity.substr(first + 1, second - first - 1) + " in " + entity.substr(0, first);
}

/// Each history's mean over the quarters that have a value; NaN where none has.
std::vector<double> quarterly_means(const History& history, const Judged& judged,
                                    const std::string& entity,
                                    const std::vector<std::string>& quarters) {
  std::vector<double> sums(history.replications.size(), 0.0);
  std::vector<double> counts(sums.size(), 0.0);
  for (const auto& quarter : quarters) {
    const auto values = history.values(judged.table, entity, judged.series, quarter);
    for (std::size_t r = 0; r < values.size(); ++r) {
      if (std::isnan(values[r])) continue;
      sums[r] += values[r];
      counts[r] += 1.0;
    }
  }
  for (std::size_t r = 0; r < sums.size(); ++r)
    sums[r] = sums[r] / counts[r];
  return sums;
}

/// A mean over other quarters would show the course of time as a change, so only those that both
/// sides have count.
std::vector<std::string> shared_quarters(const Contrast& contrast,
                                         const experiment::SampleTable& table) {
  const auto* other = contrast.without->run->table(table.name);
  std::vector<std::string> shared = other ? table.quarters : std::vector<std::string>{};
  std::erase_if(shared, [&](const std::string& quarter) {
    return std::ranges::find(other->quarters, quarter) == other->quarters.end();
  });
  return shared;
}

void drop_missing(std::vector<double>& without, std::vector<double>& with, bool paired) {
  const auto is_missing = [](double value) { return std::isnan(value); };
  if (!paired) {
    std::erase_if(without, is_missing);
    std::erase_if(with, is_missing);
    return;
  }
  std::size_t kept = 0;
  for (std::size_t r = 0; r < with.size(); ++r) {
    if (is_missing(without[r]) || is_missing(with[r])) continue;
    without[kept] = without[r];
    with[kept++] = with[r];
  }
  without.resize(kept);
  with.resize(kept);
}

struct Measured {
  Change change;
  double p_value = 1.0;
  bool exact = false;
};

std::vector<Measured> measure(const Contrast& contrast) {
  std::vector<Measured> changes;
  if (!contrast.without) return changes;
  for (const auto& judged : judged_series) {
    const auto* table = contrast.with.run->table(judged.table);
    if (!table) continue;
    const auto quarters = shared_quarters(contrast, *table);
    for (const auto& entity : table->entities) {
      auto with = quarterly_means(contrast.with, judged, entity, quarters);
      auto without = quarterly_means(*contrast.without, judged, entity, quarters);
      drop_missing(without, with, contrast.paired);
      if (with.empty() || without.empty()) continue;
      const auto difference = contrast.paired
                                  ? experiment::compute_paired_difference(without, with, {})
                                  : experiment::compute_unpaired_difference(without, with, {});
      const double size = std::abs(judged.relative ? difference.relative * 100.0 : difference.mean);
      // Prices are solved to 1e-10; what is smaller than this is no change.
      if (!(std::abs(difference.mean) > 1e-9 * std::abs(difference.base_mean))) continue;
      changes.push_back({{judged.table, judged.series, entity,
                          fmt::format(fmt::runtime(judged.name), subject_of(entity)), judged.unit,
                          difference.base_mean, difference.other_mean, difference.mean,
                          difference.low, difference.high, std::isfinite(size) ? size : 0.0},
                         std::isnan(difference.p_value) ? 1.0 : difference.p_value,
                         difference.evidence == experiment::Evidence::exact});
    }
  }
  return changes;
}

void sort_by_kind(std::vector<Change>& changes) {
  const auto rank = [](const Change& change) {
    const auto found = std::ranges::find_if(judged_series, [&](const Judged& judged) {
      return change.table == judged.table && change.series == judged.series;
    });
    return found - judged_series.begin();
  };
  std::ranges::stable_sort(changes, [&](const Change& left, const Change& right) {
    if (rank(left) != rank(right)) return rank(left) < rank(right);
    if (left.certain != right.certain) return left.certain;
    return left.size > right.size;
  });
}

}  // namespace

std::vector<std::vector<Change>> compute_changes(const std::vector<Contrast>& contrasts) {
  std::vector<std::vector<Measured>> measured;
  std::vector<double> p_values;
  for (const auto& contrast : contrasts) {
    measured.push_back(measure(contrast));
    for (const auto& one : measured.back())
      p_values.push_back(one.p_value);
  }
  const auto adjusted = experiment::adjust_holm(p_values);
  std::vector<std::vector<Change>> changes;
  std::size_t place = 0;
  for (auto& of_contrast : measured) {
    auto& judged = changes.emplace_back();
    for (auto& one : of_contrast) {
      one.change.certain = one.exact || adjusted[place] <= 0.05;
      ++place;
      judged.push_back(std::move(one.change));
    }
    sort_by_kind(judged);
  }
  return changes;
}

bool is_visible(const Change& change) {
  return number_text(change.without, 4) != number_text(change.with, 4);
}

std::string sentence(const Change& change) {
  return fmt::format("the {} {} by {} {}, from {} to {}", change.subject,
                     change.difference > 0.0 ? "rose" : "fell",
                     number_text(std::abs(change.difference), 3), change.unit,
                     number_text(change.without, 4), number_text(change.with, 4));
}

}  // namespace entente::report
