#include "engine/cli/command.hpp"
#include "engine/cli/completion_script.hpp"

namespace entente::cli {

namespace {

ExitCode print_completion(const Arguments& arguments, Context& context) {
  const bool zsh = arguments.positionals.front() == "zsh";
  const auto commands = all_commands();
  context.terminal.out << (zsh ? zsh_completion(commands) : bash_completion(commands));
  return done;
}

}  // namespace

Command completion_command() {
  return {.name = "completion",
          .summary = "Print what makes a shell complete these words",
          .description =
              "For this shell:           source <(entente completion bash)\n"
              "For every one to come:    entente completion bash >> ~/.bashrc\n"
              "The same with zsh and ~/.zshrc.",
          .positionals = {"SHELL", "bash or zsh", 1, 1, {.choices = {"bash", "zsh"}}},
          .options = {},
          .run = print_completion};
}

}  // namespace entente::cli
