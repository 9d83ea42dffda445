#include "engine/experiment/backtest/backtest.hpp"

#include <chrono>
#include <filesystem>
#include <memory>
#include <numeric>

#include "engine/cli/command.hpp"
#include "engine/cli/precision_options.hpp"
#include "engine/cli/replication_job.hpp"
#include "engine/cli/run_targets.hpp"
#include "engine/cli/scenario_loading.hpp"
#include "engine/experiment/backtest/backtest_files.hpp"
#include "engine/experiment/run_results.hpp"
#include "engine/report/backtest_screen.hpp"
#include "engine/simulation/simulate.hpp"

namespace entente::cli {

namespace {

using Observed = std::vector<experiment::ObservedSeries>;

std::vector<std::string> file_names() {
  std::vector<std::string> names;
  for (const auto& file : experiment::backtest_files())
    names.push_back(file.name);
  names.emplace_back("manifest.json");
  return names;
}

scenario::QuarterDate last_quarter(const Observed& observed) {
  scenario::QuarterDate last;
  for (const auto& series : observed)
    last = std::max(last, series.values.rbegin()->first);
  return last;
}

/// What the observations of quarters known beforehand can show.
std::string sample_text(const scenario::Record& run, const Observed& observed) {
  if (!run.has("seen_through")) return "out of sample";
  const scenario::QuarterDate seen = run.quarter("seen_through");
  bool before = false;
  bool after = false;
  for (const auto& series : observed) {
    before = before || series.values.begin()->first <= seen;
    after = after || series.values.rbegin()->first > seen;
  }
  if (!before) return "out of sample";
  const std::string text = "in-sample: figures up to " + to_text(seen) + " were known";
  return after ? text + ", out of sample after it" : text;
}

/// The horizon ends with the last observation. Dates of the scenario up to its own end stay valid.
/// Returns the fault of a horizon that is too long.
scenario::Faults extend_horizon(LoadedScenario& loaded, int quarters, const Context& context) {
  scenario::Record& run = loaded.scenario.singles.find("run")->second;
  if (quarters <= run.integer("quarters")) return {};
  run.slots_.find("quarters")->second.value = std::int64_t{quarters};
  auto built = simulation::build_world(loaded.scenario, context.models);
  if (built.world) loaded.world = std::move(*built.world);
  return std::move(built.faults);
}

void run_job(ReplicationJob& job, const Observed& observed, const JobOptions& options,
             Context& context) {
  auto manifest = begin_manifest(job, options, context);
  const auto begin = std::chrono::steady_clock::now();
  certify(job, options, manifest, context);
  const experiment::MemoryStore results(run_replications(job, options, manifest, context));
  const experiment::MemoryStore first({simulation::simulate(job.loaded.world, 0, 1)});
  const experiment::Outcome outcome{&job.tables, &results, job.quarters.size()};
  const experiment::Outcome start{&job.tables, &first, 1};
  const experiment::Backtest backtest = experiment::compute_backtest(
      observed, outcome, start, job.loaded.scenario, *job.loaded.world.economy);
  manifest.seconds =
      std::chrono::duration<double>(std::chrono::steady_clock::now() - begin).count();
  experiment::describe_outcome(outcome, manifest);
  manifest.files = file_names();
  manifest.files.pop_back();  // the manifest does not list itself
  for (const auto& file : experiment::backtest_files()) {
    job.results->write(file.name, [&](const output::TextSink& sink) {
      experiment::write_backtest_file(file, backtest, sink);
    });
  }
  job.results->write("manifest.json",
                     [&](const output::TextSink& sink) { sink(output::to_json(manifest)); });
  job.results->commit();
  show_results(job.folder, options, context, [&](const report::ScreenStyle& style) {
    const report::BacktestFacts facts{manifest.scenario_title, job.folder,
                                      sample_text(job.loaded.scenario.single("run"), observed),
                                      job.replications.size(), manifest.seconds};
    return report::backtest_screen(facts, backtest, style);
  });
}

ExitCode backtest_all(const Arguments& arguments, Context& context) {
  const auto& files = arguments.positionals;
  const auto folder = arguments.text("observed");
  if (!folder) return tell_fault(context, "backtest needs --observed DIR, a folder of CSVs");
  if (are_replications_open(arguments)) return tell_fault(context, open_replications_refusal());
  const auto targets = run_targets(files, arguments.text("output").value_or(""));
  auto loaded = load_scenarios(files, arguments, context);
  if (!loaded) return user_fault;
  ReplicationJob job{
      std::move(loaded->front()), targets.folders.front().string(), {}, {}, {}, nullptr};
  const auto& run = job.loaded.scenario.single("run");
  const scenario::QuarterDate start = run.quarter("start");
  const scenario::QuarterDate fitted =
      run.has("fitted_through") ? std::max(start, run.quarter("fitted_through")) : start;
  const auto observed = experiment::read_observed(*folder, *job.loaded.world.economy, fitted);
  if (!observed.faults.empty()) {
    print_faults(observed.faults, context.terminal.err);
    return user_fault;
  }
  const int quarters = last_quarter(observed.series) - start + 1;
  if (const auto faults = extend_horizon(job.loaded, quarters, context); !faults.empty()) {
    print_faults(faults, context.terminal.err);
    return user_fault;
  }
  job.tables = simulation::result_tables(job.loaded.world);
  job.quarters = quarter_names(run, quarters);
  job.replications.resize(static_cast<std::size_t>(run.integer("replications")));
  std::iota(job.replications.begin(), job.replications.end(), 0);
  if (const auto why = memory_refusal(job); !why.empty()) return tell_fault(context, why);
  job.results = std::make_unique<output::ResultFolder>(job.folder, file_names());
  run_job(job, observed.series, job_options(arguments), context);
  return done;
}

ExitCode backtest(const Arguments& arguments, Context& context) {
  return tell_failures(context, [&] { return backtest_all(arguments, context); });
}

}  // namespace

Command backtest_command() {
  Command command{
      .name = "backtest",
      .summary = "Score a scenario's forecasts against what was observed",
      .description =
          "Simulates from quarter 0 to the last observed quarter and compares each observed "
          "series\n"
          "with the mean over replications, with persistence and with the last growth carried on.\n"
          "Writes backtest.csv, forecasts.csv, branches.csv and manifest.json. Every *.csv below\n"
          "DIR is read; columns: period,market,series,entity,value,unit,source.",
      .positionals = {"SCENARIO", "Scenario file (TOML)", 1, 1, {.endings = {".toml"}}},
      .options = {{.name = "observed",
                   .value = "DIR",
                   .meaning = "Folder of observations",
                   .candidates = {.folders = true}},
                  {.name = "output",
                   .letter = "o",
                   .value = "FOLDER",
                   .meaning = "Result folder. Default: results/<scenario>",
                   .candidates = {.folders = true}},
                  threads_option()},
      .run = backtest};
  for (auto& option : scenario_options())
    command.options.push_back(std::move(option));
  accept_open_replications(command.options);
  command.options.push_back(quiet_option());
  return command;
}

}  // namespace entente::cli
