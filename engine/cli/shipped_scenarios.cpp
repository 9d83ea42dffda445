#include "engine/cli/shipped_scenarios.hpp"

#include <cstdlib>
#include <system_error>

namespace entente::cli {

namespace fs = std::filesystem;

fs::path shipped_folder(const Arguments& arguments) {
  if (const auto given = arguments.text("scenarios")) return *given;
  const char* const variable = std::getenv("ENTENTE_SCENARIOS");
  if (variable != nullptr && *variable != '\0') return variable;
  std::error_code ignored;
  if (fs::exists("scenarios/baseline.toml", ignored)) return "scenarios";
  return ENTENTE_SHIPPED_SCENARIOS;
}

Option scenarios_option() {
  return {.name = "scenarios",
          .value = "FOLDER",
          .meaning =
              "The shipped scenarios, which others may extend; default: $ENTENTE_SCENARIOS, "
              "./scenarios, or those of the checkout",
          .candidates = {.folders = true}};
}

}  // namespace entente::cli
