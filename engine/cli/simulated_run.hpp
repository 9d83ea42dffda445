#pragma once

#include <filesystem>
#include <string>
#include <vector>

#include "engine/cli/replication_job.hpp"
#include "engine/experiment/comparison/run_comparison.hpp"

namespace entente::cli {

/// A scenario that was simulated to be compared: nothing of it is kept.
struct SimulatedRun {
  experiment::ComparedRun run;
  std::vector<experiment::UnitFailure> failures;  // replications that are not in it
};

/// The scenario with all its replications.
ReplicationJob comparison_job(LoadedScenario loaded);

/// Bytes of its results while they are compared.
double scratch_bytes(const ReplicationJob& job);

/// Simulates it, with progress. Results wait on the disk of `scratch_folder`. `name` is what the
/// user calls it. Throws EnsembleFailure when every replication failed, Cancelled and WriteFailure.
SimulatedRun simulate_run(const std::string& name, const ReplicationJob& job,
                          const JobOptions& options, const std::filesystem::path& scratch_folder,
                          Context& context);

}  // namespace entente::cli
