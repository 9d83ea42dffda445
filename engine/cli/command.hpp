#pragma once

#include <cstdint>
#include <functional>
#include <map>
#include <optional>
#include <ostream>
#include <string>
#include <vector>

#include "engine/simulation/model.hpp"

namespace entente::cli {

/// What the process answers (`$?`).
enum ExitCode : int { done = 0, failed = 1, user_fault = 2, results_differ = 3, interrupted = 130 };

/// What a word of the command line may be, as far as it is known beforehand.
struct Candidates {
  std::vector<std::string> choices = {};  // a closed list: others are refused
  std::vector<std::string> endings = {};  // of files, as ".toml"
  bool folders = false;
};

/// One option of a command, as data: the command line is bound from it.
struct Option {
  enum class Kind { flag, text, count };
  std::string name;         // "threads", written --threads
  std::string letter = {};  // "o" for -o, or empty
  Kind kind = Kind::text;
  std::string value = {};  // what the help calls its value: "N"; of choices: they
  std::string meaning = {};
  Candidates candidates = {};
  bool repeatable = false;
  std::uint64_t minimum = 0;  // of a count
  std::uint64_t maximum = 4294967295;
  std::string word = {};  // stands for a count that is not known beforehand
};

/// The positional arguments of a command.
struct Positionals {
  std::string value;  // "SCENARIO"; empty: takes none
  std::string meaning = {};
  std::size_t least = 0;
  std::size_t most = 0;  // 0: any number
  Candidates candidates = {};
};

/// What was given on the command line, already checked against the declarations.
struct Arguments {
  std::vector<std::string> positionals;
  std::map<std::string, std::vector<std::string>, std::less<>> options;  // by name; a flag: ""

  bool given(std::string_view name) const { return options.find(name) != options.end(); }
  std::optional<std::string> text(std::string_view name) const;  // the last one given
  std::vector<std::string> texts(std::string_view name) const;
  std::optional<std::uint64_t> count(std::string_view name) const;
};

/// Where a command writes, and whether a person is watching.
struct Terminal {
  std::ostream& out;  // data only
  std::ostream& err;  // everything else
  bool out_is_terminal = false;
  bool err_is_terminal = false;
  bool colour = false;
  bool unicode = true;        // what a terminal shows
  std::size_t columns = 100;  // of it
};

/// All that a command knows of its surroundings.
struct Context {
  const std::vector<simulation::Model>& models;
  Terminal terminal;
  std::string command_line;  // as one could type it again
};

struct Command {
  std::string name;
  std::string summary;      // one line, for the list of commands
  std::string description;  // the rest of its help
  Positionals positionals;
  std::vector<Option> options;
  bool listed = true;  // on the first help screen
  std::function<ExitCode(const Arguments&, Context&)> run;
};

/// The commands, in the order of the help.
std::vector<Command> all_commands();

// One file each.
Command run_command();
Command compare_command();
Command report_command();
Command backtest_command();
Command check_command();
Command list_command();
Command explain_command();
Command new_command();
Command schema_command();
Command document_command();
Command completion_command();

}  // namespace entente::cli
