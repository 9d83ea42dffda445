#include "engine/cli/command.hpp"

#include <charconv>

namespace entente::cli {

std::optional<std::string> Arguments::text(std::string_view name) const {
  const auto found = options.find(name);
  if (found == options.end() || found->second.empty()) return std::nullopt;
  return found->second.back();
}

std::vector<std::string> Arguments::texts(std::string_view name) const {
  const auto found = options.find(name);
  return found == options.end() ? std::vector<std::string>{} : found->second;
}

std::optional<std::uint64_t> Arguments::count(std::string_view name) const {
  const auto given_text = text(name);
  if (!given_text) return std::nullopt;
  std::uint64_t number = 0;
  std::from_chars(given_text->data(), given_text->data() + given_text->size(), number);
  return number;
}

std::vector<Command> all_commands() {
  return {run_command(),    compare_command(),  report_command(),    backtest_command(),
          check_command(),  list_command(),     explain_command(),   new_command(),
          schema_command(), document_command(), completion_command()};
}

}  // namespace entente::cli
