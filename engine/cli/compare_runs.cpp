#include "engine/cli/compare_runs.hpp"

#include <algorithm>
#include <cmath>
#include <filesystem>
#include <fmt/format.h>
#include <iterator>

#include "engine/cli/comparison_output.hpp"
#include "engine/cli/disk_space.hpp"
#include "engine/cli/run_folder.hpp"
#include "engine/cli/scenario_loading.hpp"
#include "engine/cli/simulated_run.hpp"
#include "engine/experiment/comparison/comparison_file.hpp"
#include "engine/experiment/comparison/keyed_table.hpp"
#include "engine/report/comparison_json.hpp"
#include "engine/report/comparison_screen.hpp"
#include "engine/simulation/simulate.hpp"

namespace entente::cli {

namespace {

namespace fs = std::filesystem;

std::vector<std::string> declared_series(const std::vector<simulation::Model>& models) {
  std::vector<std::string> names;
  for (const auto& table : simulation::declared_tables(models)) {
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

experiment::ComparisonQuestion read_question(const Arguments& arguments,
                                             const std::vector<simulation::Model>& models,
                                             scenario::Faults& faults) {
  experiment::ComparisonQuestion question;
  const auto defaults = experiment::run_tolerances();
  question.tolerances = experiment::read_tolerances(
      arguments.texts("tolerance"), defaults.everywhere, declared_series(models), faults);
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

scenario::Faults check_names(const std::vector<std::string>& names) {
  scenario::Faults faults;
  for (const auto& name : names) {
    if (is_scenario(name) || fs::is_directory(name)) continue;
    faults.push_back(
        {.location = {name},
         .message = fs::exists(name) ? "is neither a folder nor a scenario" : "does not exist",
         .expected = "a run's result folder or a scenario (.toml)"});
  }
  return faults;
}

/// A job for each scenario, in the order named. Nothing when there is a fault, which is told.
std::optional<std::vector<ReplicationJob>> comparison_jobs(const Arguments& arguments,
                                                           const std::string& folder,
                                                           Context& context) {
  std::vector<std::string> scenarios;
  std::ranges::copy_if(arguments.positionals, std::back_inserter(scenarios), is_scenario);
  auto loaded = load_scenarios(scenarios, arguments, context);
  if (!loaded) return std::nullopt;
  std::vector<ReplicationJob> jobs;
  double bytes = 0.0;
  for (auto& each : *loaded) {
    jobs.push_back(comparison_job(std::move(each)));
    bytes += scratch_bytes(jobs.back());
  }
  if (const auto why = disk_refusal("the runs to compare", bytes, folder); !why.empty()) {
    tell_fault(context, why);
    return std::nullopt;
  }
  return jobs;
}

/// What is compared, the base first, and the replications that failed meanwhile.
struct Contest {
  std::vector<experiment::ComparedRun> runs;
  std::vector<experiment::UnitFailure> failures;
};

/// All runs in the order named, scenarios simulated. Nothing when there is a fault, which is told.
std::optional<Contest> open_runs(const Arguments& arguments, std::vector<ReplicationJob> jobs,
                                 const fs::path& scratch_folder, Context& context) {
  scenario::Faults faults;
  std::vector<experiment::ComparedRun> folders;
  for (const auto& name : arguments.positionals) {
    if (!is_scenario(name))
      folders.push_back(open_run_folder(name, context.models, scratch_folder, faults));
  }
  if (!faults.empty()) {
    print_faults(faults, context.terminal.err);
    return std::nullopt;
  }
  Contest contest;
  auto folder = folders.begin();
  auto job = jobs.begin();
  for (const auto& name : arguments.positionals) {
    if (!is_scenario(name)) {
      contest.runs.push_back(std::move(*folder++));
      continue;
    }
    auto simulated = simulate_run(name, *job++, job_options(arguments), scratch_folder, context);
    contest.runs.push_back(std::move(simulated.run));
    for (const auto& failure : simulated.failures)
      contest.failures.push_back({failure.replication, name + ": " + failure.message});
  }
  return contest;
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
  const auto question = read_question(arguments, context.models, faults);
  if (!faults.empty()) {
    print_faults(faults, context.terminal.err);
    return user_fault;
  }
  const auto path = arguments.text("output").value_or(default_folder(arguments.positionals));
  faults = check_names(arguments.positionals);
  if (!faults.empty()) {
    print_faults(faults, context.terminal.err);
    return user_fault;
  }
  auto jobs = comparison_jobs(arguments, path, context);
  if (!jobs) return user_fault;
  const auto folder = comparison_folder(path);
  auto contest = open_runs(arguments, std::move(*jobs), folder->hidden_folder(), context);
  if (!contest) return user_fault;

  const auto base = std::move(contest->runs.front());
  std::vector<experiment::NamedComparison> comparisons;
  for (std::size_t i = 1; i < contest->runs.size(); ++i) {
    const auto other = std::move(contest->runs[i]);
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
      [&](const report::ScreenStyle& style) {
        return report::comparison_screen(base.name, comparisons, all, style);
      },
      contest->failures};
  return say_comparison(output, folder.get(), path, arguments, context);
}

}  // namespace entente::cli
