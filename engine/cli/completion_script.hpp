#pragma once

#include <string>
#include <vector>

#include "engine/cli/command.hpp"

namespace entente::cli {

/// A script that makes bash complete commands, options, their values where those are known, files
/// by their endings and folders, all as declared.
std::string bash_completion(const std::vector<Command>& commands);

/// The same for zsh.
std::string zsh_completion(const std::vector<Command>& commands);

}  // namespace entente::cli
