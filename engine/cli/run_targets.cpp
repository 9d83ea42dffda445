#include "engine/cli/run_targets.hpp"

#include <map>
#include <system_error>

namespace entente::cli {

RunTargets run_targets(const std::vector<std::string>& scenarios, const std::string& output) {
  namespace fs = std::filesystem;
  RunTargets targets;
  std::map<std::string, std::string> taken;  // stem, and the scenario that has it
  for (const auto& scenario : scenarios) {
    const auto stem = fs::path(scenario).stem().string();
    const auto [holder, is_new] = taken.emplace(stem, scenario);
    if (!is_new) {
      std::error_code ignored;
      targets.fault =
          scenario == holder->second || fs::equivalent(scenario, holder->second, ignored)
              ? scenario + ": is named twice; name each scenario once"
              : scenario + ": has the same name as " + holder->second +
                    ", so both would write one folder; run them apart or rename one";
      return targets;
    }
    if (output.empty()) {
      targets.folders.push_back(fs::path("results") / stem);
    } else {
      targets.folders.push_back(scenarios.size() == 1 ? fs::path(output) : fs::path(output) / stem);
    }
  }
  return targets;
}

}  // namespace entente::cli
