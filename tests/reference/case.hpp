#pragma once

#include <filesystem>
#include <nlohmann/json.hpp>
#include <stdexcept>
#include <string>
#include <vector>

namespace entente::reference {

/// Two numbers agree when |seen − expected| ≤ absolute + relative·|expected|.
struct Tolerance {
  double relative = 1e-9;
  double absolute = 1e-12;
};

/// One stored problem and its answer. Solvers are given `inputs` and nothing else.
struct Case {
  std::string schema;
  std::string family;      // or the kind of an experiment
  std::string id;          // the file's name without ending where none is given
  nlohmann::json inputs;   // the problem
  nlohmann::json outputs;  // the answer, all of which is compared
  nlohmann::json checks;   // what is known besides; deviations from prices are compared
  Tolerance tolerance;
  nlohmann::json loose;  // of the answer, what chance is in: held to an absolute tolerance
  double loose_tolerance = 0;
};

/// A file that holds no case; the message says why.
class UnreadableCase : public std::runtime_error {
 public:
  using std::runtime_error::runtime_error;
};

/// Reads one file of schema entente-io-ref/1 (equilibria) or entente-ref-1 (experiments).
/// Throws UnreadableCase.
Case read_case(const std::filesystem::path& file);

/// Every .json file below a folder, in path order. Throws std::filesystem::filesystem_error.
std::vector<std::filesystem::path> list_case_files(const std::filesystem::path& folder);

}  // namespace entente::reference
