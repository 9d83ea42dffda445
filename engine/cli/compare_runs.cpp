#include "engine/cli/compare_runs.hpp"

#include <algorithm>
#include <cmath>
#include <filesystem>
#include <fmt/format.h>
#include <memory>
#include <numeric>

#include "engine/cli/comparison_output.hpp"
#include "engine/cli/replication_job.hpp"
#include "engine/cli/run_folder.hpp"
#include "engine/cli/scenario_loading.hpp"
#include "engine/experiment/comparison/comparison_file.hpp"
#include "engine/experiment/comparison/keyed_table.hpp"
#include "engine/report/comparison_json.hpp"
#include "engine/report/comparison_screen.hpp"
#include "engine/simulation/result_tables.hpp"
#include "engine/simulation/simulate.hpp"

namespace entente::cli {

namespace {

namespace fs = std::filesystem;

/// What a scenario's replications left behind; a comparison reads it in place.
struct SimulatedRun {
  SimulatedRun(ReplicationJob job_, std::vector<output::Results> results_)
      : job(std::move(job_)), results(std::move(results_)) {}
  ReplicationJob job;
  experiment::MemoryStore results;
};

ReplicationJob make_job(LoadedScenario loaded) {
  ReplicationJob job{std::move(loaded), {}, {}, {}, {}, nullptr};
  const auto& run = job.loaded.scenario.single("run");
  job.tables = simulation::result_tables(job.loaded.world);
  job.quarters = quarter_names(run, static_cast<int>(run.integer("quarters")));
  job.replications.resize(static_cast<std::size_t>(run.integer("replications")));
  std::iota(job.replications.begin(), job.replications.end(), 0);
  return job;
}

experiment::ComparedRun simulate_scenario(const std::string& name, ReplicationJob job,
                                          const JobOptions& options, Context& context) {
  auto manifest = begin_manifest(job, options, context);
  certify(job, options, manifest, context);
  auto results = run_replications(job, options, manifest, context);
  const auto simulated = std::make_shared<SimulatedRun>(std::move(job), std::move(results));
  experiment::ComparedRun run{name, manifest.scenario_title, manifest.version, manifest.seed, {},
                              {}};
  for (const auto& table : simulated->job.tables)
    run.tables.push_back(table.name);
  run.load = [simulated](const std::string& table, scenario::Faults& /*faults*/) {
    const ReplicationJob& ran = simulated->job;
    const auto found = std::ranges::find(ran.tables, table, &output::ResultTable::name);
    return experiment::sample_outcome({&ran.tables, &simulated->results, ran.quarters.size()},
                                      static_cast<std::size_t>(found - ran.tables.begin()),
                                      ran.replications, ran.quarters);
  };
  return run;
}

std::vector<std::string> declared_series() {
  std::vector<std::string> names;
  for (const auto& table : simulation::engine_tables()) {
    for (const auto& series : table.series)
      names.push_back(series.name);
  }
  return names;
}

/// A number from 0, with a percent sign or without.
std::optional<experiment::Margin> read_margin(std::string text) {
  const bool percent = text.ends_with('%');
  if (percent) text.pop_back();
  const auto number = experiment::cell_number(text);
  if (!number || !std::isfinite(*number) || *number <= 0.0) return std::nullopt;
  return experiment::Margin{percent ? *number / 100.0 : *number, percent};
}

experiment::ComparisonQuestion read_question(const Arguments& arguments, scenario::Faults& faults) {
  experiment::ComparisonQuestion question;
  const auto defaults = experiment::run_tolerances();
  question.tolerances = experiment::read_tolerances(arguments.texts("tolerance"),
                                                    defaults.everywhere, declared_series(), faults);
  question.tolerances.columns.insert(defaults.columns.begin(), defaults.columns.end());
  if (const auto margin = arguments.text("margin")) {
    question.margin = read_margin(*margin);
    if (!question.margin) {
      faults.push_back({.location = {"--margin"},
                        .message = "is no size of a difference",
                        .expected = "a number above 0, or a percentage of the base as in 2%",
                        .seen = *margin});
    }
  }
  const auto rate = arguments.text("discount").value_or("0");
  const auto percent = experiment::cell_number(rate);
  if (!percent || !(*percent >= 0.0) || *percent > 1000.0) {
    faults.push_back({.location = {"--discount"},
                      .message = "is no rate",
                      .expected = "percent a year, from 0 to 1000",
                      .seen = rate});
  } else {
    question.discount_rate = *percent / 100.0;
  }
  return question;
}

bool is_scenario(const std::string& name) {
  return fs::path(name).extension() == ".toml";
}

/// All runs in the order named, scenarios simulated. Nothing when there is a fault, which is told.
std::optional<std::vector<experiment::ComparedRun>> open_runs(const Arguments& arguments,
                                                              Context& context) {
  std::vector<std::string> scenarios;
  scenario::Faults faults;
  for (const auto& name : arguments.positionals) {
    if (is_scenario(name)) {
      scenarios.push_back(name);
    } else if (!fs::is_directory(name)) {
      faults.push_back(
          {.location = {name},
           .message = fs::exists(name) ? "is neither a folder nor a scenario" : "does not exist",
           .expected = "a run's result folder or a scenario (.toml)"});
    }
  }
  std::vector<experiment::ComparedRun> runs;
  for (const auto& name : arguments.positionals) {
    if (faults.empty() && !is_scenario(name)) runs.push_back(open_run_folder(name, faults));
  }
  if (!faults.empty()) {
    print_faults(faults, context.terminal.err);
    return std::nullopt;
  }
  auto loaded = load_scenarios(scenarios, arguments, context);
  if (!loaded) return std::nullopt;
  std::vector<ReplicationJob> jobs;
  for (auto& each : *loaded) {
    jobs.push_back(make_job(std::move(each)));
    if (const auto why = memory_refusal(jobs.back()); !why.empty()) {
      tell_fault(context, why);
      return std::nullopt;
    }
  }
  auto folder = runs.begin();
  auto job = jobs.begin();
  std::vector<experiment::ComparedRun> ordered;
  ordered.reserve(arguments.positionals.size());
  for (const auto& name : arguments.positionals) {
    ordered.push_back(is_scenario(name) ? simulate_scenario(name, std::move(*job++),
                                                            job_options(arguments), context)
                                        : std::move(*folder++));
  }
  return ordered;
}

/// results/BASE-vs-OTHER-… under the working directory.
std::string default_folder(const std::vector<std::string>& names) {
  std::string folder;
  for (const auto& name : names) {
    auto path = fs::path(name).lexically_normal();
    if (!path.has_filename()) path = path.parent_path();
    const auto stem = is_scenario(name) ? path.stem() : path.filename();
    folder += (folder.empty() ? "" : "-vs-") + stem.string();
  }
  return (fs::path("results") / folder).string();
}

void warn_of_versions(const experiment::ComparedRun& base, const experiment::ComparedRun& other,
                      const Arguments& arguments, Context& context) {
  if (base.version == other.version || arguments.given("quiet")) return;
  context.terminal.err << other.name << ": warning: was made by version " << other.version
                       << ", the base by " << base.version << '\n';
}

/// Intervals are then no narrower than those of two seeds would be.
void warn_of_pairing(const experiment::NamedComparison& named, const Arguments& arguments,
                     Context& context) {
  if (named.comparison.pairing_helps() || arguments.given("quiet")) return;
  context.terminal.err << fmt::format(
      "{}: warning: pairing does not help: shared draws divide the variance by {:.3g} (median), "
      "less than {}; only more replications narrow the intervals\n",
      named.name, *named.comparison.variance_reduction, experiment::least_helpful_reduction);
}

}  // namespace

ExitCode compare_runs(const Arguments& arguments, Context& context) {
  if (arguments.given("key")) {
    return tell_fault(context, "--key is for CSVs; the tables of a run know their keys");
  }
  scenario::Faults faults;
  const auto question = read_question(arguments, faults);
  if (!faults.empty()) {
    print_faults(faults, context.terminal.err);
    return user_fault;
  }
  const auto path = arguments.text("output").value_or(default_folder(arguments.positionals));
  auto runs = open_runs(arguments, context);
  if (!runs) return user_fault;
  const auto folder = comparison_folder(path);

  const auto& base = runs->front();
  std::vector<experiment::NamedComparison> comparisons;
  for (std::size_t i = 1; i < runs->size(); ++i) {
    const auto& other = (*runs)[i];
    warn_of_versions(base, other, arguments, context);
    comparisons.push_back({other.name, experiment::compare_runs(base, other, question, faults)});
    if (faults.empty()) {
      warn_of_pairing(comparisons.back(), arguments, context);
      continue;
    }
    print_faults(faults, context.terminal.err);
    return user_fault;
  }
  const auto any = [&](bool (experiment::RunComparison::*asks)() const) {
    return std::ranges::any_of(comparisons,
                               [&](const auto& named) { return (named.comparison.*asks)(); });
  };
  const bool all = arguments.given("all");
  const ComparisonOutput output{
      comparisons.back().name + " against " + base.name,
      any(&experiment::RunComparison::differs),
      any(&experiment::RunComparison::differs_significantly),
      [&](const output::TextSink& sink) { experiment::write_comparison(comparisons, all, sink); },
      [&] { return report::comparison_json(base.name, comparisons, all); },
      [&](bool colour) {
        return report::comparison_screen(base.name, comparisons, all, {.colour = colour});
      }};
  return say_comparison(output, folder.get(), path, arguments, context);
}

}  // namespace entente::cli
