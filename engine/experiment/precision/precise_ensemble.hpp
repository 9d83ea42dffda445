#pragma once

#include <cstdint>
#include <functional>
#include <vector>

#include "engine/experiment/ensemble/journaled_ensemble.hpp"
#include "engine/experiment/precision/precision_goal.hpp"

namespace entente::experiment {

/// An ensemble of as many replications as its goal took.
struct PreciseEnsemble {
  JournaledEnsemble ensemble;
  StoppingSearch search;  // over the values of its replications, in order
};

/// Runs replications 0, 1, 2 and so on into the journal until the goal is met, none had results or
/// there are `goal.most` of them. They are run in batches, but the rule judges them one by one in
/// their order, and what a batch ran beyond its stop belongs to nothing: the ensemble depends on
/// neither threads nor batches nor what the journal had. Failed replications have no values.
/// `options.progress` gets the expected number for `all`. Throws as run_journaled.
PreciseEnsemble run_until_precise(
    output::Journal& journal, const PrecisionGoal& goal,
    const std::vector<output::ResultTable>& tables, std::size_t quarters,
    const std::function<output::JournalEntry(std::uint64_t replication)>& unit,
    const EnsembleOptions& options);

}  // namespace entente::experiment
