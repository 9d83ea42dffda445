#pragma once

#include <cstddef>
#include <cstdint>
#include <functional>
#include <vector>

#include "engine/experiment/ensemble/ensemble.hpp"
#include "engine/output/journal.hpp"

namespace entente::experiment {

/// What of an ensemble is in its journal when all is run.
struct JournaledEnsemble {
  std::vector<std::uint64_t> replications;  // with results
  std::vector<UnitFailure> failures;        // without
  std::int64_t redraws = 0;                 // of parameters, over all
  std::size_t reused = 0;                   // were there before
  std::size_t branched = 0;                 // of those with results, began with a saved state
};

/// Runs those replications that the journal does not have, each of which is in it once it is
/// finished. What a unit throws is its failure, which is kept likewise: it would fail again. Throws
/// Cancelled and WriteFailure; then the journal has what was finished until then.
JournaledEnsemble run_journaled(
    output::Journal& journal, const std::vector<std::uint64_t>& replications,
    const std::function<output::JournalEntry(std::uint64_t replication)>& unit,
    const EnsembleOptions& options);

}  // namespace entente::experiment
