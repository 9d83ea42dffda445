#include <fmt/format.h>

#include "engine/cli/command.hpp"
#include "engine/cli/scenario_loading.hpp"
#include "engine/simulation/build/baseline_certificate.hpp"
#include "engine/simulation/model.hpp"

namespace entente::cli {

namespace {

std::string counted(std::size_t number, const std::string& noun) {
  return std::to_string(number) + " " + noun + (number == 1 ? "" : "s");
}

std::string holdings(const scenario::Scenario& scenario) {
  std::string text;
  for (const auto* const table : {"market", "product", "firm", "partnership"}) {
    text += counted(scenario.all(table).size(), table) + ", ";
  }
  const auto& run = scenario.single("run");
  return text + counted(static_cast<std::size_t>(run.integer("quarters")), "quarter") + ", " +
         counted(static_cast<std::size_t>(run.integer("replications")), "replication");
}

void warn(const std::string& file, const std::string& text, Context& context) {
  if (!text.empty()) context.terminal.err << file << ": warning: " << text << '\n';
}

void show_diagnostics(const LoadedScenario& one, Context& context) {
  for (const auto& model : one.world.economy->dynamics) {
    for (const simulation::Diagnostic& diagnostic : model->diagnose()) {
      const std::string figure = fmt::format("{}: {:.3g}", diagnostic.name, diagnostic.value);
      context.terminal.out << one.scenario.file << ": " << figure << '\n';
      if (diagnostic.value <= diagnostic.warn_above) continue;
      warn(one.scenario.file,
           fmt::format("{}, above {:.3g}: {}", figure, diagnostic.warn_above, diagnostic.warning),
           context);
    }
  }
}

ExitCode check(const Arguments& arguments, Context& context) {
  const auto loaded = load_scenarios(arguments.positionals, arguments, context);
  if (!loaded) return user_fault;
  if (arguments.given("quiet")) return done;
  for (const auto& one : *loaded) {
    context.terminal.out << one.scenario.file << ": ok: " << holdings(one.scenario) << '\n';
    show_diagnostics(one, context);
    for (const auto& certificate : simulation::certify_baseline(one.world))
      warn(one.scenario.file, simulation::describe_certificate(certificate), context);
  }
  return done;
}

}  // namespace

Command check_command() {
  Command command{
      .name = "check",
      .summary = "Check scenarios without running them",
      .description =
          "Reads each file with all it extends, calibrates quarter 0, and reports every\n"
          "fault at once with its place, the key, what was expected and what was seen. Shows what\n"
          "the models tell of themselves, and warns of figures that are legal but doubtful.",
      .positionals = {"SCENARIO", "Scenario files (TOML)", 1, 0, {.endings = {".toml"}}},
      .options = scenario_options(),
      .run = check};
  command.options.push_back(quiet_option());
  return command;
}

}  // namespace entente::cli
