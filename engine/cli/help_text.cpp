#include "engine/cli/help_text.hpp"

#include <algorithm>
#include <sstream>

namespace entente::cli {

namespace {

constexpr std::size_t columns = 96;
constexpr std::size_t left_columns = 28;

// The meaning, wrapped, to the right of a name.
std::string entry(const std::string& name, const std::string& meaning, std::size_t left) {
  std::string text = "  " + name;
  std::size_t column = text.size();
  if (column + 1 >= left) {
    text += '\n';
    column = 0;
  }
  text += std::string(left - column, ' ');
  column = left;
  std::istringstream words(meaning);
  bool first = true;
  for (std::string word; words >> word;) {
    if (!first && column + 1 + word.size() > columns) {
      text += '\n' + std::string(left, ' ');
      column = left;
      first = true;
    }
    text += (first ? "" : " ") + word;
    column += word.size() + (first ? 0 : 1);
    first = false;
  }
  return text + '\n';
}

std::string usage(const Positionals& positionals) {
  if (positionals.value.empty()) return {};
  const auto repeated = positionals.value + (positionals.most == 0 ? "..." : "");
  return positionals.least > 0 ? " " + repeated : " [" + repeated + "]";
}

std::string value_text(const Option& option) {
  if (option.candidates.choices.empty()) return option.value;
  std::string text;
  for (const auto& choice : option.candidates.choices)
    text += (text.empty() ? "" : "|") + choice;
  return text;
}

std::string spelled(const Option& option) {
  return (option.letter.empty() ? "    " : "-" + option.letter + ", ") + "--" + option.name +
         (value_text(option).empty() ? "" : " " + value_text(option));
}

}  // namespace

std::string version_text() {
  return std::string("entente ") + ENTENTE_VERSION;
}

const std::vector<Option>& universal_options() {
  static const std::vector<Option> options = {
      {.name = "help", .letter = "h", .kind = Option::Kind::flag, .meaning = "Print this"},
      {.name = "version", .kind = Option::Kind::flag, .meaning = "Print the version"}};
  return options;
}

std::string first_help(const std::vector<Command>& commands) {
  constexpr std::size_t left = 12;
  std::string text =
      version_text() +
      "\n"
      "What does a partnership do to its markets, by how much, how surely, and which "
      "part of it does\n"
      "so? Write who partners with whom in a scenario, run it, read the CSVs.\n\n"
      "Usage: entente COMMAND ...\n\n";
  for (const auto& command : commands) {
    if (command.listed) text += entry(command.name, command.summary, left);
  }
  return text +
         "\nentente COMMAND --help tells more of each.\n"
         "Exit codes: 0 done, 1 the model or the machine failed, 2 the input or the command line "
         "is\n"
         "at fault, 130 interrupted. NO_COLOR is honoured.\n";
}

std::string command_help(const Command& command) {
  std::string text = command.summary + "\n\nUsage: entente " + command.name + " [OPTIONS]" +
                     usage(command.positionals) + "\n\n" + command.description + "\n\n";
  if (!command.positionals.value.empty()) {
    text += entry(command.positionals.value, command.positionals.meaning, left_columns) + '\n';
  }
  text += "Options:\n";
  for (const auto* const list : {&command.options, &universal_options()}) {
    for (const auto& option : *list)
      text += entry(spelled(option), option.meaning, left_columns);
  }
  return text;
}

}  // namespace entente::cli
