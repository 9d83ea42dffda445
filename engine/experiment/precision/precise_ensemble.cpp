#include "engine/experiment/precision/precise_ensemble.hpp"

#include <algorithm>
#include <cmath>
#include <iterator>
#include <limits>
#include <numeric>

namespace entente::experiment {

namespace {

std::vector<std::uint64_t> first_replications(std::uint64_t count) {
  std::vector<std::uint64_t> numbers(count);
  std::iota(numbers.begin(), numbers.end(), 0);
  return numbers;
}

/// Where the next batch ends: first where the rule can first stop, then so that little is run in
/// vain and few batches are waited for.
std::uint64_t next_end(std::uint64_t end, const PrecisionGoal& goal) {
  constexpr std::uint64_t part = 8;
  return std::min(goal.most,
                  end + std::max<std::uint64_t>(fewest_replications(goal.rule), end / part));
}

/// Replications that it will probably take, from what is known.
std::size_t expected_count(const StoppingSearch& search, std::uint64_t end,
                           const PrecisionGoal& goal) {
  const double most = static_cast<double>(goal.most);
  if (search.count() == 0) return end;
  const auto needed = static_cast<std::size_t>(std::min(most, std::ceil(search.needed())));
  return std::clamp<std::size_t>(needed + look_ahead(goal.rule, needed), end, goal.most);
}

/// Lets the rule judge the replications of a batch that are in the journal now.
void judge(StoppingSearch& search, const JournaledEnsemble& batch, std::uint64_t end,
           const output::Journal& journal, const PrecisionGoal& goal,
           const std::vector<output::ResultTable>& tables, std::size_t quarters) {
  std::vector<std::size_t> sizes;
  sizes.reserve(tables.size());
  for (const auto& table : tables)
    sizes.push_back(quarters * table.rows.size() * table.series.size());
  const JournalStore store(journal, batch.replications, sizes);
  const Outcome outcome{&tables, &store, quarters};
  const std::vector<double> missing(search.means().size(),
                                    std::numeric_limits<double>::quiet_NaN());
  auto next = std::ranges::lower_bound(batch.replications, search.count());
  for (std::uint64_t replication = search.count(); replication < end && !search.stop();
       ++replication) {
    const bool has_results = next != batch.replications.end() && *next == replication;
    search.add(has_results
                   ? precise_values(goal, outcome,
                                    static_cast<std::size_t>(next - batch.replications.begin()))
                   : missing);
    if (has_results) ++next;
  }
}

}  // namespace

PreciseEnsemble run_until_precise(
    output::Journal& journal, const PrecisionGoal& goal,
    const std::vector<output::ResultTable>& tables, std::size_t quarters,
    const std::function<output::JournalEntry(std::uint64_t replication)>& unit,
    const EnsembleOptions& options) {
  const auto before = journal.entries();
  std::vector<Precision> wanted;
  for (const auto& mean : precise_means(goal, tables))
    wanted.push_back(goal.series[mean.column].precision);
  PreciseEnsemble run{{}, StoppingSearch(std::move(wanted), goal.rule)};
  std::uint64_t end = 0;
  do {
    end = next_end(end, goal);
    EnsembleOptions batch = options;
    if (options.progress) {
      const std::size_t expected = expected_count(run.search, end, goal);
      batch.progress = [&, expected](std::size_t done, std::size_t /*all*/) {
        options.progress(done, expected);
      };
    }
    run.ensemble = run_journaled(journal, first_replications(end), unit, batch);
    judge(run.search, run.ensemble, end, journal, goal, tables, quarters);
  } while (!run.search.stop() && !run.ensemble.replications.empty() && end < goal.most);
  // Everything is in the journal by now; this leaves out what lies beyond the stop.
  const std::uint64_t count = run.search.count();
  run.ensemble = run_journaled(journal, first_replications(count), unit, options);
  run.ensemble.reused = static_cast<std::size_t>(std::ranges::count_if(
      before, [&](const output::JournalEntry& entry) { return entry.unit < count; }));
  return run;
}

}  // namespace entente::experiment
