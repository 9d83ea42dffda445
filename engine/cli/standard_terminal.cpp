#include "engine/cli/standard_terminal.hpp"

#include <algorithm>
#include <charconv>
#include <cstdlib>
#include <iostream>
#include <string_view>
#include <sys/ioctl.h>
#include <unistd.h>

namespace entente::cli {

namespace {

std::string_view environment(const char* name) {
  const char* const value = std::getenv(name);
  return value == nullptr ? std::string_view() : value;
}

bool is_utf8_locale() {
  std::string locale;
  for (const char* const name : {"LC_ALL", "LC_CTYPE", "LANG"}) {
    locale = environment(name);
    if (!locale.empty()) break;
  }
  std::erase(locale, '-');
  std::ranges::transform(locale, locale.begin(), [](char letter) {
    return letter >= 'A' && letter <= 'Z' ? static_cast<char>(letter - 'A' + 'a') : letter;
  });
  return locale.find(".utf8") != std::string::npos;
}

std::size_t terminal_columns(int terminal, std::size_t otherwise) {
  constexpr std::size_t fewest = 40;  // no screen can be drawn on less
  std::size_t columns = 0;
  const auto text = environment("COLUMNS");
  std::from_chars(text.data(), text.data() + text.size(), columns);
  if (columns == 0) {
    winsize size{};
    if (::ioctl(terminal, TIOCGWINSZ, &size) == 0) columns = size.ws_col;
  }
  return columns == 0 ? otherwise : std::max(fewest, columns);
}

}  // namespace

Terminal standard_terminal() {
  Terminal terminal{std::cout, std::cerr, ::isatty(STDOUT_FILENO) == 1,
                    ::isatty(STDERR_FILENO) == 1};
  if (!terminal.out_is_terminal && !terminal.err_is_terminal) return terminal;
  terminal.colour = environment("NO_COLOR").empty();
  terminal.unicode = is_utf8_locale();
  terminal.columns =
      terminal_columns(terminal.out_is_terminal ? STDOUT_FILENO : STDERR_FILENO, terminal.columns);
  return terminal;
}

void say_screen(const Terminal& terminal, bool out_has_data,
                const std::function<std::string(const report::ScreenStyle&)>& screen) {
  const bool to_out = terminal.out_is_terminal && !out_has_data;
  report::ScreenStyle style;
  if (to_out || terminal.err_is_terminal) {
    style.colour = terminal.colour;
    style.unicode = terminal.unicode;
    style.columns = terminal.columns;
  }
  (to_out ? terminal.out : terminal.err) << screen(style) << std::flush;
}

}  // namespace entente::cli
