#include "engine/cli/completion_script.hpp"

#include "engine/cli/help_text.hpp"

namespace entente::cli {

namespace {

std::string quoted(const std::string& text) {
  std::string quoted = "'";
  for (const char character : text)
    quoted += character == '\'' ? "'\\''" : std::string(1, character);
  return quoted + "'";
}

std::vector<Option> options_of(const Command& command) {
  auto options = command.options;
  options.insert(options.end(), universal_options().begin(), universal_options().end());
  return options;
}

// The words after the program's name that begin without a command's.
std::vector<std::string> first_words(const std::vector<Command>& commands) {
  std::vector<std::string> words;
  for (const auto& command : commands) {
    if (command.listed) words.push_back(command.name);
  }
  words.emplace_back("help");
  for (const auto& option : universal_options())
    words.push_back("--" + option.name);
  return words;
}

std::string joined(const std::vector<std::string>& words) {
  std::string text;
  for (const auto& word : words)
    text += " " + quoted(word);
  return text;
}

bool is_known(const Candidates& candidates) {
  return candidates.folders || !candidates.endings.empty() || !candidates.choices.empty();
}

/// The call that offers them in bash.
std::string bash_offer(const Candidates& candidates) {
  if (!is_known(candidates)) return ":";
  return candidates.choices.empty() ? "_entente_paths \"$word\"" + joined(candidates.endings)
                                    : "_entente_words \"$word\"" + joined(candidates.choices);
}

constexpr auto bash_start =
    R"(# Completion of entente's words in bash: source <(entente completion bash)

_entente_words() {
  mapfile -t COMPREPLY < <(compgen -W "${*:2}" -- "$1")
}

# Folders, which may lead to more, and files of the endings named.
_entente_paths() {
  local ending path
  mapfile -t COMPREPLY < <(compgen -d -- "$1")
  for ending in "${@:2}"; do
    while IFS= read -r path; do
      [[ -d $path ]] || COMPREPLY+=("$path")
    done < <(compgen -f -X "!*$ending" -- "$1")
  done
}

_entente() {
  local word=${COMP_WORDS[COMP_CWORD]} before=${COMP_WORDS[COMP_CWORD - 1]}
  COMPREPLY=()
  # bash takes --option=value for three words.
  if [[ $word == = ]]; then
    word=
  elif [[ $before == = ]]; then
    before=${COMP_WORDS[COMP_CWORD - 2]}
  fi
)";

constexpr auto zsh_start = R"(#compdef entente
# Completion of entente's words in zsh: source <(entente completion zsh)

_entente() {
  local -a commands
)";

constexpr auto zsh_end = R"(  esac
}

if ((! $+functions[compdef])); then
  autoload -Uz compinit
  compinit
fi
compdef _entente entente
)";

std::string bash_values(const Command& command) {
  std::string lines;
  for (const auto& option : options_of(command)) {
    if (option.kind == Option::Kind::flag) continue;
    auto pattern = command.name + ":--" + option.name;
    if (!option.letter.empty()) pattern += " | " + command.name + ":-" + option.letter;
    lines += "    " + pattern + ") " + bash_offer(option.candidates) + "; return ;;\n";
  }
  return lines;
}

std::string bash_words(const Command& command) {
  std::vector<std::string> names;
  for (const auto& option : options_of(command))
    names.push_back("--" + option.name);
  return "    " + command.name + ":-*) _entente_words \"$word\"" + joined(names) + " ;;\n    " +
         command.name + ":*) " + bash_offer(command.positionals.candidates) + " ;;\n";
}

/// An action of zsh's _arguments.
std::string zsh_action(const Candidates& candidates) {
  if (!is_known(candidates)) return " ";
  std::string list;
  if (!candidates.choices.empty()) {
    for (const auto& choice : candidates.choices)
      list += (list.empty() ? "(" : " ") + choice;
    return list + ")";
  }
  if (candidates.endings.empty()) return "_files -/";
  // Alone in parentheses it would be taken for a qualifier.
  if (candidates.endings.size() == 1) return "_files -g \"*" + candidates.endings.front() + "\"";
  for (const auto& ending : candidates.endings)
    list += (list.empty() ? "(" : "|") + ending;
  return "_files -g \"*" + list + ")\"";
}

// A description must not end where it has a bracket, nor a message where it has a colon.
std::string escaped(const std::string& text, char special) {
  std::string escaped;
  for (const char character : text) {
    if (character == special || character == '\\') escaped += '\\';
    escaped += character;
  }
  return escaped;
}

std::string zsh_option(const Option& option) {
  const bool flag = option.kind == Option::Kind::flag;
  const auto meaning = "[" + escaped(option.meaning, ']') + "]";
  const auto value = flag ? std::string()
                          : ":" + escaped(option.value.empty() ? option.name : option.value, ':') +
                                ":" + zsh_action(option.candidates);
  const auto both =
      option.letter.empty() ? std::string() : "(-" + option.letter + " --" + option.name + ")";
  const auto start = option.repeatable ? std::string("*") : both;
  auto specs =
      " \\\n        " + quoted(start + "--" + option.name + (flag ? "" : "=") + meaning + value);
  if (!option.letter.empty()) {
    specs +=
        " \\\n        " + quoted(start + "-" + option.letter + (flag ? "" : "+") + meaning + value);
  }
  return specs;
}

std::string zsh_command(const Command& command) {
  std::string text = "    " + command.name + ")\n      _arguments";
  for (const auto& option : options_of(command))
    text += zsh_option(option);
  if (!command.positionals.value.empty()) {
    text += " \\\n        " + quoted("*:" + escaped(command.positionals.value, ':') + ":" +
                                     zsh_action(command.positionals.candidates));
  }
  return text + " ;;\n";
}

}  // namespace

std::string bash_completion(const std::vector<Command>& commands) {
  const auto first = joined(first_words(commands));
  std::string script = bash_start;
  script += "  if ((COMP_CWORD == 1)); then\n    _entente_words \"$word\"" + first +
            "\n    return\n  fi\n  case ${COMP_WORDS[1]}:$before in\n";
  for (const auto& command : commands)
    script += bash_values(command);
  script += "  esac\n  case ${COMP_WORDS[1]}:$word in\n";
  for (const auto& command : commands)
    script += bash_words(command);
  script += "    help:*) _entente_words \"$word\"" + first + " ;;\n  esac\n}\n\n";
  return script + "complete -o filenames -F _entente entente\n";
}

std::string zsh_completion(const std::vector<Command>& commands) {
  std::string script = zsh_start;
  script += "  commands=(";
  for (const auto& command : commands) {
    if (command.listed) script += "\n    " + quoted(command.name + ":" + command.summary);
  }
  script +=
      ")\n  if ((CURRENT == 2)) || [[ $words[2] == help ]]; then\n"
      "    _describe -t commands command commands\n    return\n  fi\n"
      "  local command=$words[2]\n  shift words\n  ((CURRENT--))\n  case $command in\n";
  for (const auto& command : commands)
    script += zsh_command(command);
  return script + zsh_end;
}

}  // namespace entente::cli
