#pragma once

#include <filesystem>
#include <string>

namespace entente::cli {

/// Why so many bytes, which `what` needs ("the results"), would not fit the disk of a folder that
/// need not be there yet; empty when they do or nobody can tell.
std::string disk_refusal(const std::string& what, double bytes,
                         const std::filesystem::path& folder);

}  // namespace entente::cli
