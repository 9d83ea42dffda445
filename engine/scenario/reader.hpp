#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "engine/scenario/diagnostic.hpp"
#include "engine/scenario/field.hpp"
#include "engine/scenario/scenario.hpp"

namespace entente::scenario {

struct ReadOptions {
  std::vector<std::string> sets = {};  // "key.path=value", applied in order after all files
  std::string shipped_folder = {};     // `extends` may reach into it besides the scenario's folder
  bool allow_extends_anywhere = false;
  std::uint64_t file_limit_bytes = 8u << 20;
  int extends_limit = 16;
};

struct ReadResult {
  std::optional<Scenario> scenario;  // present exactly when there are no faults
  Faults faults;                     // in file, line, column order
};

/// Reads a scenario, what it extends, and --set; merges and checks every key against the schema.
/// Reports all faults together. Never throws for user input.
ReadResult read_scenario(const std::string& file, const Schema& schema, const ReadOptions& options);

/// The same of a text that extends nothing, such as a canonical one; `name` stands for its file.
ReadResult read_scenario_text(const std::string& text, const std::string& name,
                              const Schema& schema);

}  // namespace entente::scenario
