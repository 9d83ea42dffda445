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

constexpr std::size_t most_runs = 6;  // as many as the page's script has kinds of lines for
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

bool share_any(const std::vector<std::string>& left, const std::vector<std::string>& right) {
  return std::ranges::any_of(
      left, [&](const std::string& name) { return std::ranges::find(right, name) != right.end(); });
}

bool share_a_row(const report::ReportedRun& left, const report::ReportedRun& right) {
  return std::ranges::any_of(left.tables, [&](const experiment::SampleTable& table) {
    const auto* other = right.table(table.name);
    return other != nullptr && table.name != "partnerships" &&
           share_any(table.entities, other->entities) && share_any(table.quarters, other->quarters);
  });
}

/// Lines that never meet would be laid over one another, and nothing could be said of a change.
void check_base(const std::vector<report::ReportedRun>& runs, scenario::Faults& faults) {
  for (std::size_t i = 1; i < runs.size(); ++i) {
    if (share_a_row(runs.front(), runs[i])) continue;
    faults.push_back({.location = {runs[i].name},
                      .message = "has no product, market or firm in any quarter of '" +
                                 runs.front().name + "', against which it is set"});
  }
}

void check_names(const std::vector<std::string>& names, scenario::Faults& faults) {
  for (std::size_t i = 0; i < names.size(); ++i) {
    const bool again =
        std::any_of(names.begin(), names.begin() + static_cast<std::ptrdiff_t>(i),
                    [&](const std::string& earlier) {
                      return fs::weakly_canonical(earlier) == fs::weakly_canonical(names[i]);
                    });
    if (again) faults.push_back({.location = {names[i]}, .message = "is named twice"});
  }
}

/// BASE-vs-OTHER-… by the names of the folders.
std::string default_file(const std::vector<std::string>& names) {
  std::string file;
  for (const auto& name : names) {
    auto path = fs::path(name).lexically_normal();
    if (!path.has_filename()) path = path.parent_path();
    file += (file.empty() ? "" : "-vs-") + path.filename().string();
  }
  return file + ".html";
}

ExitCode write_report(const Arguments& arguments, Context& context) {
  const auto& names = arguments.positionals;
  scenario::Faults faults;
  check_names(names, faults);
  std::vector<report::ReportedRun> runs;
  runs.reserve(names.size());
  for (const auto& name : names)
    runs.push_back(read_run(name, context.models, faults));
  if (faults.empty()) check_base(runs, faults);
  if (!faults.empty()) {
    print_faults(faults, context.terminal.err);
    return user_fault;
  }
  const fs::path file = arguments.text("output").value_or(default_file(names));
  if (fs::is_directory(file)) return tell_fault(context, file.string() + ": is a folder");
  if (file.has_parent_path()) fs::create_directories(file.parent_path());
  output::replace_file(file, report::report_page(std::move(runs)));
  if (!arguments.given("quiet")) context.terminal.err << "wrote " << file.string() << '\n';
  return done;
}

}  // namespace

Command report_command() {
  return {
      .name = "report",
      .summary = "Show runs in one HTML file that opens offline",
      .description =
          "Of one RUN, the page sets the histories in which a deal formed against its others.\n"
          "Of several, the first is the base, as in compare, say a run without the deals and "
          "of\n"
          "the same seed: each other run's histories in which a deal formed are set against "
          "the\n"
          "same histories of the base. Where a run holds attribution.csv, the page shows what\n"
          "each of its deals adds. Six runs at most: more lines cannot be told apart.",
      .positionals = {"RUN...", "Result folders of runs", 1, most_runs, {.folders = true}},
      .options = {{.name = "output",
                   .letter = "o",
                   .value = "FILE",
                   .meaning = "The file to write. Default: <run>.html or <base>-vs-<other>.html",
                   .candidates = {.endings = {".html"}}},
                  quiet_option()},
      .run = [](const Arguments& arguments, Context& context) {
        return tell_failures(context, [&] { return write_report(arguments, context); });
      }};
}

}  // namespace entente::cli
