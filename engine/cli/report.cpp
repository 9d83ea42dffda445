#include <algorithm>
#include <array>
#include <filesystem>
#include <optional>

#include "engine/cli/command.hpp"
#include "engine/cli/replication_job.hpp"
#include "engine/cli/run_folder.hpp"
#include "engine/cli/scenario_loading.hpp"
#include "engine/experiment/attribution_table.hpp"
#include "engine/output/file_writer.hpp"
#include "engine/report/html/page.hpp"
#include "engine/scenario/source_file.hpp"
#include "engine/simulation/record/result_tables.hpp"

namespace entente::cli {

namespace {

namespace fs = std::filesystem;

constexpr std::array shown_tables = {"products", "markets", "firms", "partnerships"};

/// What `attribution.csv` of the folder says, nothing where there is none. The file outlives a run
/// that replaces the folder's results, so its deals must be the run's.
void read_attribution(report::ReportedRun& run, scenario::Faults& faults) {
  const auto file = fs::path(run.name) / (experiment::attribution_columns().name + ".csv");
  if (!fs::exists(file)) return;
  constexpr std::uint64_t largest_file = 64ULL << 20U;
  const auto source = scenario::read_source(file.string(), largest_file);
  if (!source.problem.empty()) {
    faults.push_back({.location = {file.string()}, .message = source.problem, .seen = source.seen});
    return;
  }
  run.attributions = experiment::read_attributions(file.string(), source.text, faults);
  for (const auto& attribution : run.attributions) {
    for (const auto& contribution : attribution.deals) {
      const auto& deals = run.record.deals;
      if (std::ranges::any_of(deals,
                              [&](const auto& deal) { return deal.id == contribution.deal; }))
        continue;
      faults.push_back({.location = {file.string()},
                        .message = "attributes to a deal that the run does not have",
                        .seen = contribution.deal});
      return;
    }
  }
}

/// A chart that is missing because a column is would look like a series without values.
void check_series(const report::ReportedRun& run, scenario::Faults& faults) {
  for (const auto& declared : simulation::engine_tables()) {
    const auto* table = run.table(declared.name);
    if (!table) continue;
    for (const auto& series : declared.series) {
      if (std::ranges::find(table->series, series.name, &output::Series::name) !=
          table->series.end())
        continue;
      faults.push_back({.location = {(fs::path(run.name) / (declared.name + ".csv")).string(), 1},
                        .message = "has no column '" + series.name + "'"});
    }
  }
}

report::ReportedRun read_run(const std::string& name, const std::vector<simulation::Model>& models,
                             scenario::Faults& faults) {
  report::ReportedRun run{name, {}, {}};
  const auto opened = open_run_folder(name, models, fs::temp_directory_path(), faults);
  const auto record = output::read_run_record(name);
  if (!record || !faults.empty()) {
    if (faults.empty()) faults.push_back({.location = {name}, .message = "has no whole manifest"});
    return run;
  }
  run.record = *record;
  for (const auto* table : shown_tables) {
    if (std::ranges::find(opened.tables, table) != opened.tables.end())
      run.tables.push_back(opened.load(table, faults));
  }
  if (faults.empty()) check_series(run, faults);
  read_attribution(run, faults);
  return run;
}

ExitCode write_report(const Arguments& arguments, Context& context) {
  scenario::Faults faults;
  std::vector<report::ReportedRun> runs;
  runs.reserve(arguments.positionals.size());
  for (const auto& name : arguments.positionals)
    runs.push_back(read_run(name, context.models, faults));
  if (!faults.empty()) {
    print_faults(faults, context.terminal.err);
    return user_fault;
  }
  auto stem = fs::path(arguments.positionals.front()).lexically_normal();
  if (!stem.has_filename()) stem = stem.parent_path();
  const fs::path file = arguments.text("output").value_or(stem.filename().string() + ".html");
  if (fs::is_directory(file)) return tell_fault(context, file.string() + ": is a folder");
  if (file.has_parent_path()) fs::create_directories(file.parent_path());
  output::replace_file(file, report::report_page(runs[0], runs.size() > 1 ? &runs[1] : nullptr));
  if (!arguments.given("quiet")) context.terminal.err << "wrote " << file.string() << '\n';
  return done;
}

}  // namespace

Command report_command() {
  return {.name = "report",
          .summary = "Show a run in one HTML file that opens offline",
          .description =
              "RUN and BASE are result folders. With a base, say a run without the deals and of\n"
              "the same seed, the page sets the histories in which a deal formed against the same\n"
              "histories of the base; without one, against the run's other histories. Where RUN\n"
              "holds attribution.csv, the page shows what each deal adds.",
          .positionals = {"RUN [BASE]", "Result folders of runs", 1, 2, {.folders = true}},
          .options = {{.name = "output",
                       .letter = "o",
                       .value = "FILE",
                       .meaning = "The file to write. Default: <run>.html",
                       .candidates = {.endings = {".html"}}},
                      quiet_option()},
          .run = [](const Arguments& arguments, Context& context) {
            return tell_failures(context, [&] { return write_report(arguments, context); });
          }};
}

}  // namespace entente::cli
