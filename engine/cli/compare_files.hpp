#pragma once

#include "engine/cli/command.hpp"

namespace entente::cli {

/// `compare` of two CSVs of any origin.
ExitCode compare_files(const Arguments& arguments, Context& context);

}  // namespace entente::cli
