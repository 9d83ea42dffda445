#include "engine/cli/command_line.hpp"

#include <CLI/CLI.hpp>
#include <algorithm>
#include <charconv>
#include <exception>

#include "engine/cli/help_text.hpp"
#include "engine/cli/interrupt.hpp"
#include "engine/cli/standard_terminal.hpp"
#include "engine/scenario/diagnostic.hpp"

namespace entente::cli {

namespace {

// As one would type it again.
std::string quoted(const std::string& word) {
  constexpr auto plain = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-_./=:,+@%";
  if (!word.empty() && word.find_first_not_of(plain) == std::string::npos) return word;
  std::string text = "'";
  for (const char character : word)
    text += character == '\'' ? "'\\''" : std::string(1, character);
  return text + "'";
}

std::string check_count(const Option& option, const std::string& text) {
  if (!option.word.empty() && text == option.word) return {};
  std::uint64_t number = 0;
  const auto* const last = text.data() + text.size();
  const auto read = std::from_chars(text.data(), last, number);
  if (read.ec == std::errc{} && read.ptr == last && number >= option.minimum &&
      number <= option.maximum) {
    return {};
  }
  return "expected a whole number from " + std::to_string(option.minimum) + " to " +
         std::to_string(option.maximum) + (option.word.empty() ? "" : " or '" + option.word + "'") +
         ", saw '" + text + "'";
}

std::string check_choice(const std::vector<std::string>& choices, const std::string& text) {
  if (choices.empty() || std::ranges::find(choices, text) != choices.end()) return {};
  std::string list;
  for (const auto& choice : choices)
    list += (list.empty() ? "'" : " or '") + choice + "'";
  return "expected " + list + ", saw '" + text + "'";
}

std::string spelled(const Option& option) {
  return (option.letter.empty() ? "" : "-" + option.letter + ",") + "--" + option.name;
}

void bind(CLI::App& app, const Option& option, Arguments& arguments) {
  if (option.kind == Option::Kind::flag) {
    app.add_flag_callback(spelled(option),
                          [&arguments, name = option.name] { arguments.options[name] = {""}; });
    return;
  }
  const CLI::callback_t keep = [&arguments, name = option.name](const CLI::results_t& texts) {
    arguments.options[name] = texts;
    return true;
  };
  auto* bound = app.add_option(spelled(option), keep);
  // One value each time, so that the scenario after it is not taken for another.
  bound->type_size(1)->allow_extra_args(false);
  bound->multi_option_policy(option.repeatable ? CLI::MultiOptionPolicy::TakeAll
                                               : CLI::MultiOptionPolicy::TakeLast);
  bound->check([choices = option.candidates.choices](const std::string& text) {
    return check_choice(choices, text);
  });
  if (option.kind == Option::Kind::count) {
    bound->check([option](const std::string& text) { return check_count(option, text); });
  }
}

void bind(CLI::App& app, const Command& command, Arguments& arguments) {
  const auto& positionals = command.positionals;
  if (!positionals.value.empty()) {
    auto* bound = app.add_option("arguments", arguments.positionals);
    bound->check([choices = positionals.candidates.choices](const std::string& text) {
      return check_choice(choices, text);
    });
    if (positionals.least > 0) bound->required();
  }
  for (const auto& option : command.options)
    bind(app, option, arguments);
}

std::vector<std::string> option_names(const Command& command) {
  std::vector<std::string> names;
  for (const auto& option : universal_options())
    names.push_back("--" + option.name);
  for (const auto& option : command.options)
    names.push_back("--" + option.name);
  return names;
}

ExitCode fault(const Terminal& terminal, const std::string& message, const std::string& hint) {
  terminal.err << "entente: error: " << message << '\n';
  if (!hint.empty()) terminal.err << "  " << hint << '\n';
  return user_fault;
}

// CLI11's own words name types and groups that users never see; these say what to type instead.
ExitCode parse_fault(const Terminal& terminal, const Command& command, const CLI::App& app,
                     const CLI::ParseError& error) {
  const std::string see_help = "see entente " + command.name + " --help";
  if (dynamic_cast<const CLI::ExtrasError*>(&error) != nullptr) {
    const auto extras = app.remaining();
    const auto word = extras.empty() ? std::string() : extras.front();
    if (word.starts_with("-")) {
      const auto near =
          scenario::nearest_name(word.substr(0, word.find('=')), option_names(command));
      return fault(terminal, "unknown option '" + word + "' for " + command.name,
                   near.empty() ? see_help : "did you mean '" + near + "'?");
    }
    return fault(terminal, command.name + " takes no argument '" + word + "'", see_help);
  }
  if (dynamic_cast<const CLI::RequiredError*>(&error) != nullptr) {
    return fault(terminal, command.name + " needs " + command.positionals.value, see_help);
  }
  const std::string words = error.what();
  if (dynamic_cast<const CLI::ArgumentMismatch*>(&error) != nullptr) {
    return fault(terminal,
                 command.name + ": " + words.substr(0, words.find(':')) + " needs a value",
                 see_help);
  }
  return fault(terminal, command.name + ": " + words, see_help);
}

ExitCode dispatch(const Command& command, const std::vector<std::string>& words, Context& context) {
  Arguments arguments;
  CLI::App app;
  // The text of the help comes from the declarations; CLI11 only recognises the request.
  app.set_help_flag("-h,--help");
  app.set_version_flag("--version", version_text());
  bind(app, command, arguments);
  try {
    // CLI11 takes them from the back.
    app.parse(std::vector<std::string>(words.rbegin(), words.rend()));
  } catch (const CLI::CallForHelp&) {
    context.terminal.out << command_help(command);
    return done;
  } catch (const CLI::CallForVersion&) {
    context.terminal.out << version_text() << '\n';
    return done;
  } catch (const CLI::ParseError& error) {
    return parse_fault(context.terminal, command, app, error);
  }
  const auto most = command.positionals.most;
  if (most > 0 && arguments.positionals.size() > most) {
    return fault(context.terminal,
                 command.name + " takes no argument '" + arguments.positionals[most] + "'",
                 "see entente " + command.name + " --help");
  }
  return command.run(arguments, context);
}

ExitCode choose(const std::vector<std::string>& arguments, Context& context) {
  const auto commands = all_commands();
  if (arguments.empty()) {
    context.terminal.err << first_help(commands);
    return user_fault;
  }
  const auto& word = arguments.front();
  if (word == "--version") {
    context.terminal.out << version_text() << '\n';
    return done;
  }
  const bool asks_help = word == "help" || word == "--help" || word == "-h";
  if (asks_help && arguments.size() == 1) {
    context.terminal.out << first_help(commands);
    return done;
  }
  const auto& name = asks_help ? arguments[1] : word;
  for (const auto& command : commands) {
    if (command.name != name) continue;
    if (asks_help) return dispatch(command, {"--help"}, context);
    return dispatch(command, {arguments.begin() + 1, arguments.end()}, context);
  }
  if (name.starts_with("-")) {
    return fault(context.terminal, "unknown option '" + name + "'",
                 "a command comes first: entente run SCENARIO; see entente --help");
  }
  std::vector<std::string> names;
  names.reserve(commands.size());
  for (const auto& command : commands)
    names.push_back(command.name);
  const auto near = scenario::nearest_name(name, names);
  return fault(context.terminal, "unknown command '" + name + "'",
               near.empty() ? "see entente --help" : "did you mean '" + near + "'?");
}

}  // namespace

int run_command_line(const std::vector<std::string>& arguments,
                     const std::vector<simulation::Model>& models, const Terminal& terminal) {
  std::string typed = "entente";
  for (const auto& argument : arguments)
    typed += ' ' + quoted(argument);
  Context context{models, terminal, typed};
  try {
    const int code = choose(arguments, context);
    terminal.out.flush();
    if (!terminal.out) {
      terminal.err << "entente: error: the output could not be written\n";
      return failed;
    }
    return code;
  } catch (const std::bad_alloc&) {
    terminal.err << "entente: error: out of memory\n";
  } catch (const std::exception& error) {
    terminal.err << "entente: error: " << error.what() << '\n';
  }
  return failed;
}

int run_command_line(int argc, char** argv, const std::vector<simulation::Model>& models) {
  stop_on_signals();
  return run_command_line({argv + std::min(argc, 1), argv + argc}, models, standard_terminal());
}

}  // namespace entente::cli
