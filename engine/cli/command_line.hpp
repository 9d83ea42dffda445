#pragma once

#include <string>
#include <vector>

#include "engine/cli/command.hpp"
#include "engine/simulation/model.hpp"

namespace entente::cli {

/// The program: standard streams, signals, exit code.
int run_command_line(int argc, char** argv, const std::vector<simulation::Model>& models);

/// The same in a given terminal and without touching signals; `arguments` are those after the
/// program's name. Throws nothing.
int run_command_line(const std::vector<std::string>& arguments,
                     const std::vector<simulation::Model>& models, const Terminal& terminal);

}  // namespace entente::cli
