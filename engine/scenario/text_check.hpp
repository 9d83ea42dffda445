#pragma once

#include <optional>
#include <string>
#include <string_view>

namespace entente::scenario {

/// Why a text must not reach the TOML parser as it is.
struct TextFlaw {
  std::size_t offset = 0;  // bytes before the flaw
  int line = 1;            // of the flaw, counting from 1; columns in characters
  int column = 1;
  std::string message = {};
  std::string seen = {};
  std::string hint = {};
};

/// The first byte that is not UTF-8, or is NUL.
std::optional<TextFlaw> find_bad_byte(std::string_view text);

/// The first place where brackets nest, or a dotted key runs, deeper than any scenario needs. The
/// parser and its tree recurse, so that such a text could exhaust the stack. Right for any text up
/// to its first syntax error.
std::optional<TextFlaw> find_deep_nesting(std::string_view text);

/// Whether `text` holds a control character other than tab and newline.
bool has_control_character(std::string_view text);

}  // namespace entente::scenario
