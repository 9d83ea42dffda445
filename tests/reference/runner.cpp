#include "tests/reference/runner.hpp"

#include <algorithm>
#include <exception>
#include <filesystem>
#include <fmt/format.h>
#include <fmt/ostream.h>
#include <ostream>

#include "tests/reference/case.hpp"
#include "tests/reference/comparison.hpp"
#include "tests/reference/families.hpp"

namespace entente::reference {

namespace {

constexpr const char* usage =
    "usage: tests/reference/run [--cases FOLDER]...\n"
    "\n"
    "Solves every reference case (*.json) below the folders named; without one, those that come "
    "with\n"
    "the project. A line for each case: family, id, worst relative error, iterations, time of the\n"
    "solve (best of a few), verdict. Ends with 0, with 1 when a case fails, with 2 on a wrong "
    "call.\n";

/// A call that cannot be answered; the message says why.
class WrongCall : public std::runtime_error {
 public:
  using std::runtime_error::runtime_error;
};

struct Verdict {
  std::string family = "-";
  std::string id;
  std::string figures;  // error, iterations, time; empty where there is no answer
  std::string word;     // passed, failed, or passed and what more there is to say
  std::string reason;   // lines below, for a failure
  bool passed = false;
};

/// Whether a deviation from the answer's prices was found that gains.
bool is_rejected(const nlohmann::json& checks) {
  return std::ranges::any_of(checks, [](const auto& gain) {
    return gain.is_number() && gain.template get<double>() > 0.0;
  });
}

std::string describe_failures(const Comparison& comparison) {
  if (comparison.failures.empty()) return "  the case stores nothing to compare\n";
  const Difference& first = comparison.failures.front();
  std::string text =
      fmt::format("  {}: expected {}, seen {}\n", first.path, first.expected, first.seen);
  const std::size_t more = comparison.failures.size() - 1;
  if (more > 0) text += fmt::format("  and {} more of {} values\n", more, comparison.values);
  return text;
}

Verdict judge(const std::filesystem::path& file) {
  Verdict verdict;
  verdict.id = file.stem().string();
  verdict.word = "failed";
  try {
    const Case stored = read_case(file);
    verdict.family = stored.family;
    verdict.id = stored.id;
    const Family* family = find_family(stored.schema, stored.family);
    if (family == nullptr) {
      verdict.reason =
          fmt::format("  no solver for family '{}' of schema '{}'\n", stored.family, stored.schema);
      return verdict;
    }
    const Answer answer = family->solve(stored.inputs);
    Comparison comparison = compare(stored.outputs, answer.outputs, stored.tolerance, "outputs");
    compare_deviation_gains(stored.checks, answer.checks, comparison);
    compare_loosely(stored.loose, answer.outputs, stored.loose_tolerance, comparison);
    verdict.figures =
        fmt::format("{:>8.1e} {:>6} iterations {:>11.1f} us", comparison.worst_relative_error,
                    answer.iterations, answer.microseconds);
    verdict.passed = comparison.passed();
    if (!verdict.passed) {
      verdict.reason = describe_failures(comparison);
    } else {
      verdict.word =
          is_rejected(answer.checks) ? "passed, a root that is no equilibrium" : "passed";
    }
  } catch (const std::exception& fault) {
    verdict.reason = fmt::format("  {}: {}\n", file.string(), fault.what());
  }
  return verdict;
}

std::vector<std::filesystem::path> read_folders(const std::vector<std::string>& arguments) {
  std::vector<std::filesystem::path> folders;
  for (std::size_t i = 0; i < arguments.size(); ++i) {
    const std::string& word = arguments[i];
    if (word.starts_with("--cases=")) {
      folders.emplace_back(word.substr(word.find('=') + 1));
    } else if (word != "--cases") {
      throw WrongCall(fmt::format("unknown argument '{}'", word));
    } else if (++i == arguments.size()) {
      throw WrongCall("--cases is not followed by a folder");
    } else {
      folders.emplace_back(arguments[i]);
    }
  }
  if (folders.empty()) folders.emplace_back(ENTENTE_SOURCE_DIR "/tests/reference");
  return folders;
}

std::vector<std::filesystem::path> find_cases(const std::vector<std::string>& arguments) {
  std::vector<std::filesystem::path> files;
  for (const auto& folder : read_folders(arguments)) {
    if (!std::filesystem::is_directory(folder)) {
      throw WrongCall(fmt::format("there is no folder '{}'", folder.string()));
    }
    const auto below = list_case_files(folder);
    if (below.empty()) {
      throw WrongCall(fmt::format("no case (*.json) stands below '{}'", folder.string()));
    }
    files.insert(files.end(), below.begin(), below.end());
  }
  return files;
}

}  // namespace

int run(const std::vector<std::string>& arguments, std::ostream& out, std::ostream& err) {
  if (std::ranges::any_of(arguments, [](const auto& word) { return word == "--help"; })) {
    out << usage;
    return 0;
  }
  std::vector<std::filesystem::path> files;
  try {
    files = find_cases(arguments);
  } catch (const std::exception& fault) {
    err << fault.what() << "\n\n" << usage;
    return 2;
  }
  std::size_t passed = 0;
  for (const auto& file : files) {
    const Verdict verdict = judge(file);
    fmt::print(out, "{:<25} {:<28} {:<42}  {}\n{}", verdict.family, verdict.id, verdict.figures,
               verdict.word, verdict.reason);
    out.flush();
    if (verdict.passed) ++passed;
  }
  const std::size_t failed = files.size() - passed;
  fmt::print(out, "{} passed, {} failed\n", passed, failed);
  return failed == 0 ? 0 : 1;
}

}  // namespace entente::reference
