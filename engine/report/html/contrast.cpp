#include "engine/report/html/contrast.hpp"

#include <algorithm>
#include <fmt/core.h>
#include <limits>
#include <span>

namespace entente::report {

namespace {

using experiment::SampleTable;

template <typename Names, typename Name>
std::optional<std::size_t> position(const Names& names, const Name& name) {
  const auto found = std::ranges::find(names, name);
  if (found == names.end()) return std::nullopt;
  return static_cast<std::size_t>(found - names.begin());
}

std::optional<std::size_t> series_position(const SampleTable& table, std::string_view name) {
  const auto found = std::ranges::find(table.series, name, &output::Series::name);
  if (found == table.series.end()) return std::nullopt;
  return static_cast<std::size_t>(found - table.series.begin());
}

std::vector<std::uint64_t> rest_of(const std::vector<std::uint64_t>& all,
                                   const std::vector<std::uint64_t>& taken) {
  std::vector<std::uint64_t> rest;
  for (const auto replication : all) {
    if (!position(taken, replication)) rest.push_back(replication);
  }
  return rest;
}

Contrast contrast_with_base(const ReportedRun& run, const ReportedRun& base,
                            const std::vector<std::uint64_t>& formed) {
  const auto& all = all_replications(run);
  const bool some = !formed.empty() && formed.size() < all.size();
  Contrast contrast{{"with the deals", &run, formed.empty() ? all : formed}, {}, {}, {}};
  const auto& others = all_replications(base);
  contrast.paired =
      run.record.seed == base.record.seed && rest_of(contrast.with.replications, others).empty();
  contrast.without =
      History{"without", &base, contrast.paired ? contrast.with.replications : others};
  contrast.words =
      some ? fmt::format("At least one deal formed in {} of {} histories of the run; these",
                         contrast.with.replications.size(), all.size())
           : fmt::format("The {} histories of the run", all.size());
  contrast.words +=
      contrast.paired
          ? fmt::format(" stand against the same histories of “{}”, luck for luck the same.",
                        base.label)
          : fmt::format(" stand against the {} of “{}”, whose luck is another.", others.size(),
                        base.label);
  const auto formed_in_base = find_formed(base).size();
  if (formed_in_base > 0) {
    contrast.words +=
        fmt::format(" A deal formed in {} histories of “{}” as well{}.", formed_in_base, base.label,
                    formed.empty() ? ", and in none of this run: name the run without the deals "
                                     "first to see what they change"
                                   : "");
  }
  return contrast;
}

}  // namespace

const std::vector<std::uint64_t>& all_replications(const ReportedRun& run) {
  static const std::vector<std::uint64_t> none;
  return run.tables.empty() ? none : run.tables.front().replications;
}

std::vector<std::uint64_t> find_formed(const ReportedRun& run) {
  std::vector<std::uint64_t> formed;
  const auto* deals = run.table("partnerships");
  const auto active = deals ? series_position(*deals, "active") : std::nullopt;
  if (!active) return formed;
  std::vector<bool> any(deals->replications.size());
  for (std::size_t deal = 0; deal < deals->entities.size(); ++deal) {
    for (std::size_t quarter = 0; quarter < deals->quarters.size(); ++quarter) {
      const auto in_force = deals->at(deal, *active, quarter);
      for (std::size_t r = 0; r < any.size(); ++r)
        any[r] = any[r] || in_force[r] > 0.0;
    }
  }
  for (std::size_t r = 0; r < any.size(); ++r) {
    if (any[r]) formed.push_back(deals->replications[r]);
  }
  return formed;
}

const SampleTable* ReportedRun::table(std::string_view table_name) const {
  const auto found = std::ranges::find(tables, table_name, &SampleTable::name);
  return found == tables.end() ? nullptr : &*found;
}

std::vector<double> History::values(std::string_view table, std::string_view entity,
                                    std::string_view series, std::string_view quarter) const {
  const auto* found = run->table(table);
  if (!found) return {};
  const auto row = position(found->entities, entity);
  const auto column = series_position(*found, series);
  const auto time = position(found->quarters, quarter);
  if (!row || !column || !time) return {};
  const auto cells = found->at(*row, *column, *time);
  std::vector<double> values;
  values.reserve(replications.size());
  // Replications stand in ascending order on both sides, so one pass finds all.
  std::size_t at = 0;
  for (const auto replication : replications) {
    while (at < cells.size() && found->replications[at] != replication)
      ++at;
    values.push_back(at < cells.size() ? cells[at] : std::numeric_limits<double>::quiet_NaN());
  }
  return values;
}

Contrast make_contrast(const ReportedRun& run, const ReportedRun* base) {
  auto formed = find_formed(run);
  if (base) return contrast_with_base(run, *base, formed);
  const auto& all = all_replications(run);
  auto rest = rest_of(all, formed);
  if (formed.empty() || rest.empty()) {
    return {{formed.empty() ? "no deal formed" : "with the deals", &run, all},
            {},
            false,
            fmt::format("{} {} histories. There is nothing without the deals to set "
                        "them against: name a base run first for that.",
                        formed.empty() ? "No deal formed in any of the run’s"
                                       : "A deal formed in each of the run’s",
                        all.size())};
  }
  const auto words = fmt::format(
      "At least one deal formed in {} of {} histories of this run; these stand against the other "
      "{}. Their luck differs in other ways too, so name a base run first for a sharper answer.",
      formed.size(), all.size(), rest.size());
  return {{"with a deal", &run, std::move(formed)},
          History{"without", &run, std::move(rest)},
          false,
          words};
}

}  // namespace entente::report
