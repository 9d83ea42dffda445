#include "engine/scenario/suggestion.hpp"

#include <algorithm>
#include <fmt/core.h>

#include "engine/scenario/toml_text.hpp"

namespace entente::scenario {

std::string suggestion(const std::string& word, const std::vector<std::string>& candidates) {
  constexpr std::size_t most_listed = 24;
  // Beyond this, comparing with all would take longer than reading the file.
  constexpr std::size_t most_compared = 5000;
  std::string text;
  const std::string nearest =
      candidates.size() > most_compared ? std::string{} : nearest_name(word, candidates);
  if (!nearest.empty()) text = "did you mean '" + nearest + "'?";
  if (candidates.empty()) return text;
  text += text.empty() ? "known: " : " known: ";
  for (std::size_t i = 0; i < std::min(candidates.size(), most_listed); ++i) {
    text += (i == 0 ? "" : ", ") + candidates[i];
  }
  if (candidates.size() > most_listed) text += fmt::format(", … ({} in all)", candidates.size());
  return text;
}

std::string shortened(const std::string& text) {
  constexpr std::size_t longest_shown = 60;
  if (text.size() <= longest_shown) return text;
  std::size_t end = longest_shown;
  // Not in the middle of a UTF-8 sequence.
  while (end > 0 && (static_cast<unsigned char>(text[end]) & 0xC0u) == 0x80u)
    --end;
  return text.substr(0, end) + "…";
}

std::string quoted(const std::string& text) {
  return toml_string(shortened(text));
}

void report(Faults& faults, Fault fault) {
  constexpr std::size_t most_faults = 1000;
  if (faults.size() < most_faults) {
    faults.push_back(std::move(fault));
  } else if (faults.size() == most_faults) {
    faults.push_back(
        {.location = {.file = fault.location.file},
         .message = fmt::format("more than {} faults; the others are not listed", most_faults)});
  }
}

}  // namespace entente::scenario
