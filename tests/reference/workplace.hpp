#pragma once

#include <initializer_list>
#include <string>
#include <string_view>
#include <vector>

#include "tests/cli/program.hpp"
#include "tests/reference/result_lines.hpp"
#include "tests/temporary_folder.hpp"

namespace entente::reference {

using Words = std::vector<std::string>;

// Six deals at their probabilities, drawn parameters and shocks: all the chance there is.
inline const std::string summit = "ms-ceo-summit-2024.toml";

// Representations of consumers.
inline const Words as_types = {};
inline const Words as_counts = {"--set", "population.representation=counts"};
inline const Words as_agents = {"--set", "population.representation=agents", "--set",
                                "population.agents=2000"};

/// A place to run the program in, gone with all that is written there.
class Workplace {
 public:
  static constexpr int replications = 4;  // of a run

  const test::TemporaryFolder& folder() const { return folder_; }

  /// Calls the program; throws std::runtime_error unless it ends with 0.
  test::Ended call(const Words& words) const;

  /// The words of a short run of a scenario, one in this place or a shipped one.
  Words run_words(const std::string& scenario, const std::string& output,
                  std::initializer_list<Words> more) const;

  /// Runs it and reads the results.
  ResultLines run(const std::string& scenario, const std::string& output,
                  std::initializer_list<Words> more = {}) const;

 private:
  test::TemporaryFolder folder_;
};

}  // namespace entente::reference
