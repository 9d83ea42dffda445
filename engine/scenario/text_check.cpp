#include "engine/scenario/text_check.hpp"

#include <algorithm>
#include <fmt/core.h>

namespace entente::scenario {
namespace {

/// Length of the UTF-8 sequence at `offset`, 0 when it is not one (RFC 3629, section 4).
std::size_t sequence_length(std::string_view text, std::size_t offset) {
  const auto byte = [&](std::size_t i) { return static_cast<unsigned char>(text[offset + i]); };
  const unsigned first = byte(0);
  std::size_t length = 0;
  if (first < 0x80) return 1;
  if (first >= 0xC2 && first <= 0xDF) length = 2;
  if (first >= 0xE0 && first <= 0xEF) length = 3;
  if (first >= 0xF0 && first <= 0xF4) length = 4;
  if (length == 0 || offset + length > text.size()) return 0;
  for (std::size_t i = 1; i < length; ++i) {
    if ((byte(i) & 0xC0u) != 0x80u) return 0;
  }
  const unsigned second = byte(1);
  const bool overlong = (first == 0xE0 && second < 0xA0) || (first == 0xF0 && second < 0x90);
  const bool surrogate = first == 0xED && second > 0x9F;
  const bool beyond_unicode = first == 0xF4 && second > 0x8F;
  return overlong || surrogate || beyond_unicode ? 0 : length;
}

TextFlaw flaw_at(std::string_view text, std::size_t offset) {
  TextFlaw flaw{.offset = offset};
  for (std::size_t i = 0; i < offset; ++i) {
    if (text[i] == '\n') {
      ++flaw.line;
      flaw.column = 1;
    } else if ((static_cast<unsigned char>(text[i]) & 0xC0u) != 0x80u) {
      ++flaw.column;
    }
  }
  return flaw;
}

/// Offset just past the string that opens at `start`; an unclosed one ends where it breaks the
/// grammar, from where on the parser reads no further.
std::size_t end_of_string(std::string_view text, std::size_t start) {
  const char quote = text[start];
  const bool escapes = quote == '"';
  const std::string triple(3, quote);
  const bool multi_line = text.substr(start, 3) == triple;
  std::size_t i = start + (multi_line ? 3 : 1);
  for (; i < text.size(); ++i) {
    if (escapes && text[i] == '\\') {
      ++i;
    } else if (!multi_line && (text[i] == quote || text[i] == '\n')) {
      return i + 1;
    } else if (multi_line && text.substr(i, 3) == triple) {
      i += 3;
      // Up to two quotes may stand before the closing three.
      for (int extra = 0; extra < 2 && i < text.size() && text[i] == quote; ++extra)
        ++i;
      return i;
    }
  }
  return i;
}

}  // namespace

std::optional<TextFlaw> find_bad_byte(std::string_view text) {
  for (std::size_t offset = 0; offset < text.size();) {
    const std::size_t length = sequence_length(text, offset);
    if (length == 0 || text[offset] == '\0') {
      TextFlaw flaw = flaw_at(text, offset);
      if (length == 0) {
        flaw.message = "not valid UTF-8";
        flaw.seen = fmt::format("the byte 0x{:02X}", static_cast<unsigned char>(text[offset]));
        flaw.hint = "save the file as UTF-8";
      } else {
        flaw.message = "the text holds a NUL byte";
        flaw.hint = "a scenario is a text file";
      }
      return flaw;
    }
    offset += length;
  }
  return std::nullopt;
}

std::optional<TextFlaw> find_deep_nesting(std::string_view text) {
  constexpr int deepest_brackets = 32;
  constexpr int most_dots = 16;
  int brackets = 0;
  int dots = 0;
  for (std::size_t i = 0; i < text.size();) {
    const char c = text[i];
    if (c == '#') {
      i = std::min(text.find('\n', i), text.size());
      continue;
    }
    if (c == '"' || c == '\'') {
      i = end_of_string(text, i);
      continue;
    }
    if (c == '[' || c == '{') ++brackets;
    if (c == ']' || c == '}') brackets = std::max(0, brackets - 1);
    if (c == '.') {
      ++dots;
    } else if (std::string_view("=,\n[]{}").find(c) != std::string_view::npos) {
      dots = 0;
    }
    if (brackets > deepest_brackets || dots > most_dots) {
      TextFlaw flaw = flaw_at(text, i);
      flaw.message = brackets > deepest_brackets
                         ? fmt::format("more than {} brackets inside each other", deepest_brackets)
                         : fmt::format("a dotted key of more than {} parts", most_dots);
      return flaw;
    }
    ++i;
  }
  return std::nullopt;
}

bool has_control_character(std::string_view text) {
  return std::any_of(text.begin(), text.end(), [](char c) {
    const auto code = static_cast<unsigned char>(c);
    return (code < 0x20 && c != '\n' && c != '\t') || code == 0x7f;
  });
}

}  // namespace entente::scenario
