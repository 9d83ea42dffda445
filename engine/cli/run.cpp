#include <chrono>
#include <filesystem>
#include <memory>
#include <numeric>

#include "engine/cli/branching.hpp"
#include "engine/cli/command.hpp"
#include "engine/cli/disk_space.hpp"
#include "engine/cli/interrupt.hpp"
#include "engine/cli/precision_options.hpp"
#include "engine/cli/replication_job.hpp"
#include "engine/cli/run_targets.hpp"
#include "engine/cli/scenario_loading.hpp"
#include "engine/experiment/memory.hpp"
#include "engine/experiment/run_results.hpp"
#include "engine/output/result_folder.hpp"
#include "engine/report/run_json.hpp"
#include "engine/report/stopping_words.hpp"
#include "engine/report/terminal.hpp"
#include "engine/simulation/simulate.hpp"

namespace entente::cli {

namespace {

/// Bytes on the disk until the run is done: a value takes eight in the journal and some twelve as
/// text.
double disk_bytes(const ReplicationJob& job, std::uint64_t replications) {
  constexpr double copies = 2.5;
  return copies * experiment::result_bytes(job.tables, static_cast<double>(job.quarters.size()),
                                           static_cast<double>(replications)) +
         state_bytes(job, replications);
}

// Empty when the job may run.
std::string refusal(ReplicationJob& job, std::optional<std::uint64_t> only) {
  // How many it takes is not known; the fewest have to find room.
  const std::string results = job.loaded.scenario.file + ": the results";
  if (job.goal) {
    const auto fewest = experiment::fewest_replications(job.goal->rule);
    return disk_refusal(results, disk_bytes(job, fewest), job.folder);
  }
  const auto& run = job.loaded.scenario.single("run");
  const auto count = static_cast<std::uint64_t>(run.integer("replications"));
  if (only && *only >= count) {
    return job.loaded.scenario.file + ": has no replication " + std::to_string(*only) +
           "; they count from 0 to " + std::to_string(count - 1);
  }
  if (auto why = disk_refusal(results, disk_bytes(job, only ? 1 : count), job.folder);
      !why.empty()) {
    return why;
  }
  job.replications.resize(only ? 1 : count);
  std::iota(job.replications.begin(), job.replications.end(), only.value_or(0));
  return {};
}

std::vector<std::size_t> table_sizes(const ReplicationJob& job) {
  std::vector<std::size_t> sizes;
  sizes.reserve(job.tables.size());
  for (const auto& table : job.tables)
    sizes.push_back(job.quarters.size() * table.rows.size() * table.series.size());
  return sizes;
}

/// Whether the folder has the complete results of this very run already. Throws FolderRefused when
/// they are another's, and there is nothing to go on with that is to replace them.
bool is_finished(const ReplicationJob& job, const std::string& identity) {
  const auto there = output::read_identity(job.folder);
  if (!there) return false;
  if (*there == identity) return true;
  if (std::filesystem::exists(job.results->journal_file())) return false;
  throw output::FolderRefused(
      job.folder +
      ": has the finished results of another scenario, seed or version, or with other saved "
      "states; run without --resume to replace them");
}

/// Writes what the journal has, once every replication is in it.
ExitCode conclude(ReplicationJob& job, const JobOptions& options, output::Journal& journal,
                  const experiment::JournaledEnsemble& ensemble, output::Manifest& manifest,
                  Context& context) {
  if (ensemble.replications.empty())
    throw experiment::EnsembleFailure(ensemble.failures, ensemble.failures.size());
  const experiment::JournalStore store(journal, ensemble.replications, table_sizes(job));
  const experiment::Outcome outcome{&job.tables, &store, job.quarters.size()};
  experiment::describe_outcome(outcome, manifest);
  if (job.save_quarter > 0) {
    journal.close_log();
    job.results->adopt(experiment::state_file_name, job.results->journal_file());
    manifest.files.emplace_back(experiment::state_file_name);
  }
  experiment::write_results(*job.results, outcome, ensemble.replications, job.quarters, manifest,
                            &interrupted_flag());
  const auto stopping =
      manifest.stopping ? report::stopping_line(*manifest.stopping) : std::string();
  show_results(job.folder, options, context, [&](const report::ScreenStyle& style) {
    const report::RunFacts facts{manifest.scenario_title,
                                 job.folder,
                                 manifest.representation,
                                 job.quarters.front(),
                                 job.quarters.back(),
                                 manifest.seconds,
                                 options.threads,
                                 manifest.parameter_redraws,
                                 stopping,
                                 branching_line(job, manifest)};
    return report::run_screen(facts, outcome, style);
  });
  const bool missed = manifest.stopping && !manifest.stopping->met;
  if (missed) {
    context.terminal.err << "entente: error: " << report::stopping_miss(*manifest.stopping) << '\n';
  }
  if (ensemble.failures.empty()) return missed ? failed : done;
  context.terminal.err << "entente: error: " << ensemble.failures.size() << " of "
                       << ensemble.failures.size() + ensemble.replications.size()
                       << " replications failed and are in no result; the manifest lists them\n";
  tell_unit_failures(ensemble.failures, context.terminal.err);
  return failed;
}

ExitCode run_job(ReplicationJob& job, const JobOptions& options, bool resume, Context& context) {
  auto manifest = begin_manifest(job, options, context);
  const std::string identity = output::run_identity(manifest);
  const auto file = job.results->journal_file();
  if (resume && is_finished(job, identity)) {
    output::Journal::remove(file);
    show_results(job.folder, options, context, [](const report::ScreenStyle& /*style*/) {
      return std::string("Finished already.\n");
    });
    return done;
  }
  if (!resume) output::Journal::remove(file);
  const auto begin = std::chrono::steady_clock::now();
  certify(job, options, manifest, context);
  ExitCode code = done;
  try {
    output::Journal journal(file, output::journal_identity(manifest));
    const auto ensemble = run_into_journal(job, options, journal, manifest, context);
    manifest.seconds =
        std::chrono::duration<double>(std::chrono::steady_clock::now() - begin).count();
    code = conclude(job, options, journal, ensemble, manifest, context);
  } catch (const experiment::Cancelled&) {
    context.terminal.err << "entente: interrupted; what is finished is kept: the same command with "
                            "--resume goes on from there\n";
    return interrupted;
  }
  output::Journal::remove(file);
  return code;
}

std::vector<std::string> file_names(const ReplicationJob& job) {
  auto names = experiment::result_file_names(job.tables);
  if (job.save_quarter > 0) names.emplace_back(experiment::state_file_name);
  return names;
}

// Jobs in the making; the last goes first, so that parents made for the first are empty by then.
struct Jobs {
  std::vector<ReplicationJob> list;
  Jobs() = default;
  ~Jobs() {
    while (!list.empty())
      list.pop_back();
  }
  Jobs(const Jobs&) = delete;
  Jobs& operator=(const Jobs&) = delete;
  Jobs(Jobs&&) = delete;
  Jobs& operator=(Jobs&&) = delete;
};

ExitCode run_all(const Arguments& arguments, Context& context) {
  const auto& files = arguments.positionals;
  const auto targets = run_targets(files, arguments.text("output").value_or(""));
  if (!targets.fault.empty()) return tell_fault(context, targets.fault);

  auto loaded = load_scenarios(files, arguments, context);
  if (!loaded) return user_fault;
  Jobs jobs;
  scenario::Faults faults;
  for (std::size_t i = 0; i < files.size(); ++i) {
    ReplicationJob job{std::move((*loaded)[i]), targets.folders[i].string(), {}, {}, {}, nullptr};
    const auto& run = job.loaded.scenario.single("run");
    job.tables = simulation::result_tables(job.loaded.world);
    job.quarters = quarter_names(run, static_cast<int>(run.integer("quarters")));
    job.goal = read_goal(arguments, job.tables, faults);
    jobs.list.push_back(std::move(job));
    if (!faults.empty()) break;  // they are the command line's, and the next job's as well
  }
  if (faults.empty()) faults = read_branching(arguments, jobs.list, context);
  if (!faults.empty()) {
    print_faults(faults, context.terminal.err);
    return user_fault;
  }
  for (auto& job : jobs.list) {
    if (const auto why = refusal(job, arguments.count("replication")); !why.empty())
      return tell_fault(context, why);
  }
  for (auto& job : jobs.list)
    job.results = std::make_unique<output::ResultFolder>(job.folder, file_names(job));
  ExitCode worst = done;
  std::vector<std::string> folders;
  for (auto& job : jobs.list) {
    const ExitCode code = run_job(job, job_options(arguments), arguments.given("resume"), context);
    if (code == interrupted) return code;
    if (code != done) worst = code;
    folders.push_back(job.folder);
  }
  if (arguments.given("json")) context.terminal.out << report::run_json(folders);
  return worst;
}

ExitCode run(const Arguments& arguments, Context& context) {
  return tell_failures(context, [&] { return run_all(arguments, context); });
}

}  // namespace

Command run_command() {
  Command command{
      .name = "run",
      .summary = "Run scenarios and write their results as CSV",
      .description =
          "All scenarios are checked before the first runs. Results appear complete or not at "
          "all;\n"
          "a folder that entente wrote is replaced, any other that is not empty is refused. What "
          "is\n"
          "finished is kept in a journal beside the folder until then, so that an interrupted run\n"
          "can go on. --replications auto runs 25 or more: until the 95% intervals of the means\n"
          "asked for are all narrow enough and stay so for another 5% of the replications, and at\n"
          "least 5. Such intervals hold the true mean a little less often, in 93 to 95 of 100 "
          "runs.\n"
          "When standard output is not a terminal it gets the result folders, one a "
          "line;\n"
          "with --json, one document {\"runs\": [...]} when all are done: folder, seed, "
          "replications,\n"
          "failures, deals and, by quarter, the statistics of the main series of markets, "
          "products\n"
          "and firms.",
      .positionals = {"SCENARIO", "Scenario files (TOML)", 1, 0, {.endings = {".toml"}}},
      .options = {{.name = "output",
                   .letter = "o",
                   .value = "FOLDER",
                   .meaning =
                       "Result folder; with several scenarios one folder for each inside it. "
                       "Default: results/<scenario>",
                   .candidates = {.folders = true}},
                  threads_option(),
                  {.name = "json",
                   .kind = Option::Kind::flag,
                   .meaning = "Write what the runs came to as JSON to standard output"},
                  {.name = "replication",
                   .kind = Option::Kind::count,
                   .value = "K",
                   .meaning = "Run this replication alone (they count from 0)"},
                  {.name = "resume",
                   .kind = Option::Kind::flag,
                   .meaning =
                       "Go on with an interrupted run: replications that it finished are not "
                       "run again"}},
      .run = run};
  for (auto& option : scenario_options())
    command.options.push_back(std::move(option));
  add_open_replications(command.options);
  for (auto& option : branching_options())
    command.options.push_back(std::move(option));
  command.options.push_back(quiet_option());
  return command;
}

}  // namespace entente::cli
