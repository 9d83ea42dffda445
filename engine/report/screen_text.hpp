#pragma once

#include <cstddef>
#include <string>
#include <vector>

namespace entente::report {

/// What the reader's terminal can show.
struct ScreenStyle {
  bool colour = false;
  bool unicode = true;  // else every other character than ASCII is shown by one of it
  std::size_t columns = 100;
  std::size_t lines = 40;
};

/// Columns that UTF-8 text takes, one a character.
std::size_t width(const std::string& text);

/// Control characters, which must not reach a terminal from a file, become blanks.
std::string plain(std::string text);

/// Plain and of at most so many columns; what is too long ends in `…`.
std::string fit(std::string text, std::size_t columns);

/// Filled with blanks to so many columns, of which one always stays.
std::string padded(const std::string& text, std::size_t columns);

/// Three figures of a number: the CSVs have them all.
std::string amount(double value);

std::string bold(const std::string& text, const ScreenStyle& style);

/// The text as a terminal of that style can show them. Where it knows only ASCII, what the screens
/// draw with keeps its width and its order of height (`.,:;+*#@`), `→` is `>`; others are `?`.
std::string screen_text(const std::string& text, const ScreenStyle& style);
std::string screen_text(const std::vector<std::string>& lines, const ScreenStyle& style);

}  // namespace entente::report
