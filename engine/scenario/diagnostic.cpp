#include "engine/scenario/diagnostic.hpp"

#include <algorithm>
#include <cctype>
#include <fmt/core.h>
#include <numeric>

namespace entente::scenario {
namespace {

/// Makes control characters visible: what a file says must not move the cursor of a terminal or
/// forge a line of ours.
std::string printable(const std::string& text) {
  std::string shown;
  shown.reserve(text.size());
  for (const char c : text) {
    const auto code = static_cast<unsigned char>(c);
    if (c == '\n') {
      shown += "\\n";
    } else if (code < 0x20 || code == 0x7f) {
      shown += fmt::format("\\x{:02X}", code);
    } else {
      shown += c;
    }
  }
  return shown;
}

std::string lower_case(const std::string& text) {
  std::string lower = text;
  std::transform(lower.begin(), lower.end(), lower.begin(), [](char c) {
    return static_cast<char>(std::tolower(static_cast<unsigned char>(c)));
  });
  return lower;
}

/// Optimal string alignment distance: insertions, deletions, substitutions and swaps of neighbours.
std::size_t edit_distance(const std::string& a, const std::string& b) {
  std::vector<std::size_t> before_last(b.size() + 1);
  std::vector<std::size_t> last(b.size() + 1);
  std::vector<std::size_t> current(b.size() + 1);
  std::iota(last.begin(), last.end(), std::size_t{0});
  for (std::size_t i = 1; i <= a.size(); ++i) {
    current[0] = i;
    for (std::size_t j = 1; j <= b.size(); ++j) {
      const std::size_t substitution = last[j - 1] + (a[i - 1] == b[j - 1] ? 0 : 1);
      current[j] = std::min({last[j] + 1, current[j - 1] + 1, substitution});
      if (i > 1 && j > 1 && a[i - 1] == b[j - 2] && a[i - 2] == b[j - 1]) {
        current[j] = std::min(current[j], before_last[j - 2] + 1);
      }
    }
    std::swap(before_last, last);
    std::swap(last, current);
  }
  return last[b.size()];
}

}  // namespace

std::string to_text(const Fault& fault) {
  std::string text = printable(fault.location.file);
  if (fault.location.line > 0) {
    text += fmt::format(":{}", fault.location.line);
    if (fault.location.column > 0) text += fmt::format(":{}", fault.location.column);
  }
  text += (text.empty() ? "error: " : ": error: ") + printable(fault.message);
  if (!fault.key_path.empty()) text += "\n  " + printable(fault.key_path);
  if (!fault.expected.empty()) text += "\n  expected " + printable(fault.expected);
  if (!fault.seen.empty()) {
    text += (fault.expected.empty() ? "\n  saw " : ", saw ") + printable(fault.seen);
  }
  if (!fault.hint.empty()) text += "\n  " + printable(fault.hint);
  return text;
}

std::string nearest_name(const std::string& word, const std::vector<std::string>& candidates) {
  constexpr std::size_t longest_name = 100;  // longer ones are no slip of the pen
  if (word.empty() || word.size() > longest_name) return {};
  const std::string meant = lower_case(word);
  std::string nearest;
  std::size_t nearest_distance = 0;
  for (const std::string& candidate : candidates) {
    if (candidate.empty() || candidate.size() > longest_name) continue;
    const std::size_t longer = std::max(word.size(), candidate.size());
    // About one letter in three may be wrong, yet never all of a short word.
    const std::size_t allowed = std::min(std::max<std::size_t>(1, (longer + 1) / 3), longer - 1);
    if (longer - std::min(word.size(), candidate.size()) > allowed) continue;
    const std::size_t distance = edit_distance(meant, lower_case(candidate));
    if (distance > allowed) continue;
    if (nearest.empty() || distance < nearest_distance) {
      nearest = candidate;
      nearest_distance = distance;
    }
  }
  return nearest;
}

}  // namespace entente::scenario
