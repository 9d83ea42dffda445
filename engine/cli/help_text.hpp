#pragma once

#include <string>
#include <vector>

#include "engine/cli/command.hpp"

namespace entente::cli {

/// The first screen: what the program is for and its commands.
std::string first_help(const std::vector<Command>& commands);

/// What `entente COMMAND --help` prints.
std::string command_help(const Command& command);

/// "entente 1.2.3".
std::string version_text();

/// --help and --version, which every command has.
const std::vector<Option>& universal_options();

}  // namespace entente::cli
