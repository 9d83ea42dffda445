#include "engine/report/html/scenario_difference.hpp"

#include <algorithm>
#include <set>
#include <string_view>
#include <vector>

namespace entente::report {

namespace {

std::vector<std::string_view> entries_of(std::string_view text) {
  constexpr std::string_view gap = "\n\n";
  std::vector<std::string_view> entries;
  while (!text.empty()) {
    const auto end = std::min(text.find(gap), text.size());
    auto entry = text.substr(0, end);
    while (entry.ends_with('\n'))
      entry.remove_suffix(1);
    if (!entry.empty()) entries.push_back(entry);
    text.remove_prefix(std::min(end + gap.size(), text.size()));
  }
  return entries;
}

std::string those_missing_in(const std::vector<std::string_view>& other,
                             const std::vector<std::string_view>& entries) {
  const std::set<std::string_view> known(other.begin(), other.end());
  std::string text;
  for (const auto entry : entries) {
    if (known.contains(entry)) continue;
    text += (text.empty() ? "" : "\n");
    text += entry;
    text += '\n';
  }
  return text;
}

}  // namespace

ScenarioDifference scenario_difference(const std::string& base, const std::string& other) {
  const auto of_base = entries_of(base);
  const auto of_other = entries_of(other);
  return {those_missing_in(of_other, of_base), those_missing_in(of_base, of_other)};
}

}  // namespace entente::report
