#pragma once

#include <cstddef>
#include <nlohmann/json.hpp>
#include <string>
#include <vector>

#include "tests/reference/case.hpp"

namespace entente::reference {

/// One stored value that the answer does not have.
struct Difference {
  std::string path;  // outputs/foc_roots/0/prices/2
  std::string expected;
  std::string seen;
};

struct Comparison {
  std::size_t values = 0;            // compared: numbers, truth values, nulls and names
  double worst_relative_error = 0;   // |seen − expected| / max(|expected|, absolute/relative)
  std::string worst_path;            // empty where all errors are 0
  std::vector<Difference> failures;  // the worst number first, then in stored order

  bool passed() const { return values > 0 && failures.empty(); }
};

/// Compares every value under `expected` with the one at the same path of `seen`: objects by key,
/// arrays by position and length, numbers within tolerance, all else exactly. What `expected` has
/// and `seen` lacks, and what is not finite, is a failure; what only `seen` has is not looked at.
/// Texts under the keys of prose (`note` and the like) are not compared. `root` begins each path.
Comparison compare(const nlohmann::json& expected, const nlohmann::json& seen,
                   const Tolerance& tolerance, const std::string& root);

/// Compares the largest relative gain from a deviation, under the keys global_deviation_gain_… of
/// both: 0 where prices are an equilibrium. The verdicts must agree, and the gain seen must reach
/// the one expected, to a relative 1e-8; a better deviation is none the worse. Adds to `found`.
void compare_deviation_gains(const nlohmann::json& expected, const nlohmann::json& seen,
                             Comparison& found);

/// Compares what chance is in, each number within an absolute tolerance. Adds to `found`, but not
/// to its worst error.
void compare_loosely(const nlohmann::json& expected, const nlohmann::json& seen, double tolerance,
                     Comparison& found);

}  // namespace entente::reference
