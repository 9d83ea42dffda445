#include "tests/reference/result_lines.hpp"

#include <algorithm>
#include <fmt/format.h>
#include <fstream>
#include <iterator>
#include <stdexcept>

namespace entente::reference {

ResultLines read_result_lines(const std::filesystem::path& folder) {
  ResultLines results;
  for (const auto& entry : std::filesystem::directory_iterator(folder)) {
    if (entry.path().extension() != ".csv") continue;
    std::ifstream file(entry.path(), std::ios::binary);
    const std::string text{std::istreambuf_iterator<char>(file), {}};
    if (!text.ends_with('\n')) throw std::runtime_error(entry.path().string() + " is cut off");
    auto& lines = results[entry.path().filename().string()];
    for (std::size_t start = 0; start < text.size();) {
      const auto end = text.find('\n', start);
      lines.push_back(text.substr(start, end - start));
      start = end + 1;
    }
  }
  if (results.empty()) throw std::runtime_error(folder.string() + " has no CSV");
  return results;
}

ResultLines keep_lines(const ResultLines& results,
                       const std::function<bool(std::string_view line)>& is_kept) {
  ResultLines kept;
  for (const auto& [name, lines] : results) {
    kept[name] = {lines.front()};
    std::copy_if(lines.begin() + 1, lines.end(), std::back_inserter(kept[name]), is_kept);
  }
  return kept;
}

std::size_t count_lines(const ResultLines& results) {
  std::size_t count = 0;
  for (const auto& [name, lines] : results)
    count += lines.size() - 1;
  return count;
}

std::string_view field_of(std::string_view line, std::size_t position) {
  for (; position > 0; --position)
    line.remove_prefix(std::min(line.find(','), line.size() - 1) + 1);
  return line.substr(0, line.find(','));
}

std::string first_difference(const ResultLines& expected, const ResultLines& seen) {
  for (const auto& [name, lines] : expected) {
    const auto found = seen.find(name);
    if (found == seen.end()) return name + " is gone";
    const auto& [before, after] = std::ranges::mismatch(lines, found->second);
    const std::string none = "nothing";
    if (before == lines.end() && after == found->second.end()) continue;
    return fmt::format("{}: '{}' became '{}'", name, before == lines.end() ? none : *before,
                       after == found->second.end() ? none : *after);
  }
  return seen.size() == expected.size() ? std::string() : "there are other files";
}

}  // namespace entente::reference
