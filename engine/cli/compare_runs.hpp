#pragma once

#include "engine/cli/command.hpp"

namespace entente::cli {

/// `compare` of result folders and scenarios, which are run first.
ExitCode compare_runs(const Arguments& arguments, Context& context);

}  // namespace entente::cli
