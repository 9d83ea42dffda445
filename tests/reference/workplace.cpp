#include "tests/reference/workplace.hpp"

#include <filesystem>
#include <fmt/format.h>
#include <fmt/ranges.h>
#include <stdexcept>

namespace entente::reference {

test::Ended Workplace::call(const Words& words) const {
  auto ended = test::run_program(folder_.path(), words);
  if (ended.code != 0) {
    throw std::runtime_error(
        fmt::format("entente {} ends with {}: {}", fmt::join(words, " "), ended.code, ended.err));
  }
  return ended;
}

Words Workplace::run_words(const std::string& scenario, const std::string& output,
                           std::initializer_list<Words> more) const {
  const bool is_here = std::filesystem::exists(folder_.path() / scenario);
  Words words = {"run",
                 is_here ? scenario : test::shipped(scenario),
                 "--scenarios",
                 test::shipped(""),
                 "--set",
                 "run.quarters=8",
                 "--replications",
                 fmt::to_string(replications),
                 "--quiet",
                 "-o",
                 output};
  for (const auto& each : more)
    words.insert(words.end(), each.begin(), each.end());
  return words;
}

ResultLines Workplace::run(const std::string& scenario, const std::string& output,
                           std::initializer_list<Words> more) const {
  call(run_words(scenario, output, more));
  return read_result_lines(folder_.path() / output);
}

}  // namespace entente::reference
