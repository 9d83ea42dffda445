#pragma once

#include <chrono>
#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "engine/cli/command.hpp"
#include "engine/cli/scenario_loading.hpp"
#include "engine/experiment/branching/saved_states.hpp"
#include "engine/experiment/ensemble/journaled_ensemble.hpp"
#include "engine/experiment/ensemble/result_store.hpp"
#include "engine/experiment/precision/precision_goal.hpp"
#include "engine/output/manifest.hpp"
#include "engine/output/result_folder.hpp"
#include "engine/report/screen_text.hpp"

namespace entente::cli {

/// One scenario with its place and its replications, as commands that simulate hold it.
struct ReplicationJob {
  LoadedScenario loaded;
  std::string folder;
  std::vector<output::ResultTable> tables;
  std::vector<std::string> quarters;        // names of those to simulate, from quarter 0
  std::vector<std::uint64_t> replications;  // empty where `goal` says how many
  std::unique_ptr<output::ResultFolder> results;
  std::optional<experiment::PrecisionGoal> goal = {};
  std::shared_ptr<const experiment::SavedRun> saved = {};  // that it branches off; null: none
  int save_quarter = 0;  // whose states are kept, counted from the start; 0: none are
};

/// How a command was asked to work.
struct JobOptions {
  int threads = 1;
  bool quiet = false;
  bool json = false;  // standard output is for one document
};
JobOptions job_options(const Arguments& arguments);

/// --threads, for every command that simulates.
Option threads_option();

/// Names of so many quarters from the scenario's start.
std::vector<std::string> quarter_names(const scenario::Record& run, int quarters);

/// Why its results would not fit this machine; empty when they do.
std::string memory_refusal(const ReplicationJob& job);

/// What is known before the run; takes the time.
output::Manifest begin_manifest(const ReplicationJob& job, const JobOptions& options,
                                const Context& context);

/// Adds the certificates of the calibrated quarter 0 to the manifest; warns of those that fail.
void certify(const ReplicationJob& job, const JobOptions& options, output::Manifest& manifest,
             Context& context);

/// Simulates all replications, with progress, and hands over each, which may come from any thread,
/// with its place in the job's list; returns those that failed. Sets the manifest's redraws. Throws
/// as run_units.
std::vector<experiment::UnitFailure> hand_over_replications(
    const ReplicationJob& job, const JobOptions& options, output::Manifest& manifest,
    Context& context, const std::function<void(std::size_t place, output::Results)>& take);

/// The same in memory. Throws EnsembleFailure too, when any failed.
std::vector<output::Results> run_replications(const ReplicationJob& job, const JobOptions& options,
                                              output::Manifest& manifest, Context& context);

/// Likewise into a journal, without those that it has, as many as the job's goal takes if it has
/// one; sets also which replications have results, and how many were there before. Throws as
/// run_journaled.
experiment::JournaledEnsemble run_into_journal(const ReplicationJob& job, const JobOptions& options,
                                               output::Journal& journal, output::Manifest& manifest,
                                               Context& context);

/// A line for each of the first failed replications.
void tell_unit_failures(const std::vector<experiment::UnitFailure>& failures, std::ostream& err);

/// The path is the data of these commands; the screen is for people and keeps off a piped stdout.
/// `screen` makes the text; it is not asked when quiet. With JSON asked for the path is in there.
void show_results(const std::string& folder, const JobOptions& options, Context& context,
                  const std::function<std::string(const report::ScreenStyle&)>& screen);

ExitCode tell_fault(Context& context, const std::string& message);

/// Runs `work`; refused folders, failed replications and interruptions become messages and exit
/// codes.
ExitCode tell_failures(Context& context, const std::function<ExitCode()>& work);

}  // namespace entente::cli
