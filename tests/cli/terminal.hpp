#pragma once

#include <filesystem>
#include <map>
#include <string>
#include <vector>

namespace entente::test {

/// What the real binary shows on a terminal of its own of 120 columns that knows UTF-8, standard
/// output and standard error together; `environment` is set besides. Empty where it could not
/// start.
std::string shown_on_terminal(const std::filesystem::path& folder,
                              const std::vector<std::string>& arguments,
                              const std::map<std::string, std::string>& environment = {});

}  // namespace entente::test
