#pragma once

#include <string>

namespace entente::report {

/// Entries of a scenario as resolved that another one does not have word for word. An entry is a
/// table with its keys, and they come in the order of their text.
struct ScenarioDifference {
  std::string only_base;
  std::string only_other;
};

/// Takes two scenarios as the manifest has them: entries stand apart by an empty line.
ScenarioDifference scenario_difference(const std::string& base, const std::string& other);

}  // namespace entente::report
