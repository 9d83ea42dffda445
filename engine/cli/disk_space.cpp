#include "engine/cli/disk_space.hpp"

#include <system_error>

#include "engine/experiment/memory.hpp"

namespace entente::cli {

std::string disk_refusal(const std::string& what, double bytes,
                         const std::filesystem::path& folder) {
  std::error_code error;
  auto place = std::filesystem::absolute(folder, error);
  while (!std::filesystem::exists(place, error) && place.has_relative_path())
    place = place.parent_path();
  const auto space = std::filesystem::space(place, error);
  if (error || bytes <= static_cast<double>(space.available)) return {};
  return what + " would need " + experiment::memory_text(bytes) + " of disk, more than the " +
         experiment::memory_text(static_cast<double>(space.available)) + " free at " +
         place.string() + "; lower run.replications or run.quarters";
}

}  // namespace entente::cli
