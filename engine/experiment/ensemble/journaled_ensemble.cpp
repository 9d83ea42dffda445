#include "engine/experiment/ensemble/journaled_ensemble.hpp"

#include <algorithm>
#include <iterator>

#include "engine/output/file_writer.hpp"

namespace entente::experiment {

JournaledEnsemble run_journaled(
    output::Journal& journal, const std::vector<std::uint64_t>& replications,
    const std::function<output::JournalEntry(std::uint64_t replication)>& unit,
    const EnsembleOptions& options) {
  const auto in = [](const std::vector<output::JournalEntry>& entries, std::uint64_t replication) {
    return std::ranges::binary_search(entries, replication, {}, &output::JournalEntry::unit);
  };
  const std::vector<output::JournalEntry> before = journal.entries();
  std::vector<std::uint64_t> missing;
  std::ranges::copy_if(replications, std::back_inserter(missing),
                       [&](std::uint64_t replication) { return !in(before, replication); });
  JournaledEnsemble ensemble;
  ensemble.reused = replications.size() - missing.size();
  EnsembleOptions remaining = options;
  if (options.progress) {
    remaining.progress = [&](std::size_t done, std::size_t /*all*/) {
      options.progress(ensemble.reused + done, replications.size());
    };
  }
  run_units(
      missing,
      [&](std::size_t position) {
        output::JournalEntry entry;
        try {
          entry = unit(missing[position]);
        } catch (const output::WriteFailure&) {
          throw;
        } catch (const std::exception& error) {
          entry.failure = error.what();
        }
        entry.unit = missing[position];
        journal.add(entry);
      },
      remaining);
  const std::vector<output::JournalEntry> all = journal.entries();
  for (const std::uint64_t replication : replications) {
    const auto& entry =
        *std::ranges::lower_bound(all, replication, {}, &output::JournalEntry::unit);
    ensemble.redraws += entry.redraws;
    if (entry.failure.empty()) {
      ensemble.replications.push_back(replication);
      if (entry.branched) ++ensemble.branched;
    } else {
      ensemble.failures.push_back({replication, entry.failure});
    }
  }
  return ensemble;
}

}  // namespace entente::experiment
