#pragma once

#include <optional>
#include <string>
#include <vector>

#include "engine/cli/command.hpp"
#include "engine/experiment/precision/precision_goal.hpp"

namespace entente::cli {

/// Lets --replications be `auto` too; the command then has to look for it.
void accept_open_replications(std::vector<Option>& options);

/// The same with its help, and --precision, --precision-of and --most-replications, for a command
/// that runs so.
void add_open_replications(std::vector<Option>& options);

/// Whether --replications is `auto`.
bool are_replications_open(const Arguments& arguments);

/// What a command says that needs to know their number.
std::string open_replications_refusal();

/// What the options ask of a run with these tables; nothing when its replications are not open, or
/// on a fault, which is appended.
std::optional<experiment::PrecisionGoal> read_goal(const Arguments& arguments,
                                                   const std::vector<output::ResultTable>& tables,
                                                   scenario::Faults& faults);

}  // namespace entente::cli
