#pragma once

#include <string>
#include <vector>

#include "engine/cli/command.hpp"
#include "engine/cli/replication_job.hpp"

namespace entente::cli {

/// --save-state and --from, for runs that branch off a shared history.
std::vector<Option> branching_options();

/// Sets what the jobs save and what they begin with; faults where that cannot be.
scenario::Faults read_branching(const Arguments& arguments, std::vector<ReplicationJob>& jobs,
                                const Context& context);

/// Bytes that the states of a job's replications take on the disk; 0 when it saves none.
double state_bytes(const ReplicationJob& job, std::uint64_t replications);

/// "12 of 20 replications went on from 2025Q1 of results/base"; empty when the job began at its
/// own start.
std::string branching_line(const ReplicationJob& job, const output::Manifest& manifest);

}  // namespace entente::cli
