#pragma once

#include <string>
#include <vector>

namespace entente::experiment {

/// The columns that name a row of one of this program's result files, by the file's name without
/// its ending ("products"). Empty for any other name.
std::vector<std::string> declared_keys(const std::string& table);

}  // namespace entente::experiment
