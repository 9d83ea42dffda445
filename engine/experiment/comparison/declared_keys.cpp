#include "engine/experiment/comparison/declared_keys.hpp"

#include "engine/experiment/summary.hpp"
#include "engine/simulation/record/result_tables.hpp"

namespace entente::experiment {

std::vector<std::string> declared_keys(const std::string& table) {
  std::vector<std::string> keys;
  const auto summary = summary_columns();
  if (table == summary.name) {
    for (const auto& key : summary.keys)
      keys.push_back(key.name);
    return keys;
  }
  for (const auto& declared : simulation::engine_tables()) {
    if (declared.name != table) continue;
    keys = {"replication", "quarter"};
    for (const auto& key : declared.keys)
      keys.push_back(key.name);
  }
  return keys;
}

}  // namespace entente::experiment
