#include "engine/cli/scenario_loading.hpp"

#include <utility>

#include "engine/cli/precision_options.hpp"
#include "engine/cli/shipped_scenarios.hpp"
#include "engine/experiment/ensemble/parameter_draws.hpp"
#include "engine/simulation/simulate.hpp"

namespace entente::cli {

std::vector<Option> scenario_options() {
  return {{.name = "set",
           .value = "KEY.PATH=VALUE",
           .meaning = "Set a key for this run; may be repeated",
           .repeatable = true},
          {.name = "seed",
           .kind = Option::Kind::count,
           .value = "N",
           .meaning = "The same as --set run.seed=N"},
          {.name = "replications",
           .kind = Option::Kind::count,
           .value = "N",
           .meaning = "The same as --set run.replications=N"},
          scenarios_option(),
          {.name = "allow-extends-anywhere",
           .kind = Option::Kind::flag,
           .meaning = "Let scenarios extend files outside their own and the shipped folder"}};
}

Option quiet_option() {
  return {.name = "quiet",
          .letter = "q",
          .kind = Option::Kind::flag,
          .meaning = "Say nothing but faults"};
}

scenario::ReadOptions read_options(const Arguments& arguments) {
  scenario::ReadOptions options;
  options.sets = arguments.texts("set");
  if (const auto seed = arguments.text("seed")) options.sets.push_back("run.seed=" + *seed);
  const auto replications = arguments.text("replications");
  if (replications && !are_replications_open(arguments))
    options.sets.push_back("run.replications=" + *replications);
  options.shipped_folder = shipped_folder(arguments).string();
  options.allow_extends_anywhere = arguments.given("allow-extends-anywhere");
  return options;
}

std::optional<std::vector<LoadedScenario>> load_scenarios(const std::vector<std::string>& files,
                                                          const Arguments& arguments,
                                                          Context& context) {
  const auto schema = simulation::full_schema(context.models);
  const auto options = read_options(arguments);
  std::vector<LoadedScenario> loaded;
  scenario::Faults faults;
  for (const auto& file : files) {
    auto read = scenario::read_scenario(file, schema, options);
    faults.insert(faults.end(), read.faults.begin(), read.faults.end());
    if (!read.scenario) continue;
    const auto meeting = experiment::find_meeting_draws(*read.scenario, schema);
    faults.insert(faults.end(), meeting.begin(), meeting.end());
    auto built = simulation::build_world(*read.scenario, context.models);
    faults.insert(faults.end(), built.faults.begin(), built.faults.end());
    if (built.world) loaded.push_back({std::move(*read.scenario), std::move(*built.world)});
  }
  if (faults.empty()) return loaded;
  print_faults(faults, context.terminal.err);
  return std::nullopt;
}

std::optional<scenario::Scenario> load_text(const std::string& file, const Arguments& arguments,
                                            Context& context) {
  auto read = scenario::read_scenario(file, simulation::full_schema(context.models),
                                      read_options(arguments));
  print_faults(read.faults, context.terminal.err);
  return std::move(read.scenario);
}

void print_faults(const scenario::Faults& faults, std::ostream& stream) {
  for (const auto& fault : faults) {
    auto text = to_text(fault);
    if (!text.ends_with('\n')) text += '\n';
    stream << text;
  }
  if (faults.size() > 1) stream << faults.size() << " faults\n";
}

}  // namespace entente::cli
