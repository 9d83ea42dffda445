#pragma once

#include <filesystem>

#include "engine/cli/command.hpp"

namespace entente::cli {

/// Where the shipped scenarios are: --scenarios, else $ENTENTE_SCENARIOS, else ./scenarios, else
/// the folder of the checkout that the program was built from.
std::filesystem::path shipped_folder(const Arguments& arguments);

Option scenarios_option();

}  // namespace entente::cli
