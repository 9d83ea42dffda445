#pragma once

#include <functional>
#include <string>

#include "engine/cli/command.hpp"
#include "engine/report/screen_text.hpp"

namespace entente::cli {

/// The standard streams: who watches them, colour (not when NO_COLOR is set), whether a terminal
/// that is there understands UTF-8 (by LC_ALL, LC_CTYPE, LANG), its columns (COLUMNS, else its own
/// word; 100 when there is none).
Terminal standard_terminal();

/// Writes a screen for people: to standard output if it is a terminal that gets no data, else to
/// standard error.
void say_screen(const Terminal& terminal, bool out_has_data,
                const std::function<std::string(const report::ScreenStyle&)>& screen);

}  // namespace entente::cli
