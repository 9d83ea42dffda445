#include <chrono>
#include <memory>
#include <numeric>

#include "engine/cli/command.hpp"
#include "engine/cli/interrupt.hpp"
#include "engine/cli/replication_job.hpp"
#include "engine/cli/run_targets.hpp"
#include "engine/cli/scenario_loading.hpp"
#include "engine/experiment/run_results.hpp"
#include "engine/output/result_folder.hpp"
#include "engine/report/terminal.hpp"
#include "engine/simulation/simulate.hpp"

namespace entente::cli {

namespace {

// Empty when the job may run.
std::string refusal(ReplicationJob& job, std::optional<std::uint64_t> only) {
  const auto& run = job.loaded.scenario.single("run");
  const auto count = static_cast<std::uint64_t>(run.integer("replications"));
  if (only && *only >= count) {
    return job.loaded.scenario.file + ": has no replication " + std::to_string(*only) +
           "; they count from 0 to " + std::to_string(count - 1);
  }
  job.replications.resize(only ? 1 : count);
  std::iota(job.replications.begin(), job.replications.end(), only.value_or(0));
  return memory_refusal(job);
}

void run_job(ReplicationJob& job, const JobOptions& options, Context& context) {
  auto manifest = begin_manifest(job, options, context);
  const auto begin = std::chrono::steady_clock::now();
  certify(job, options, manifest, context);
  const std::vector<output::Results> results = run_replications(job, options, manifest, context);
  const experiment::Outcome outcome{&job.tables, &results, job.quarters.size()};
  manifest.seconds =
      std::chrono::duration<double>(std::chrono::steady_clock::now() - begin).count();
  experiment::describe_outcome(outcome, manifest);
  experiment::write_results(*job.results, outcome, job.replications, job.quarters, manifest,
                            &interrupted_flag());
  show_results(job.folder, options, context, [&](bool colour) {
    const report::RunFacts facts{manifest.scenario_title, job.folder,
                                 manifest.representation, job.quarters.front(),
                                 job.quarters.back(),     manifest.seconds,
                                 options.threads,         manifest.parameter_redraws};
    return report::run_screen(facts, outcome, {.colour = colour});
  });
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
  for (std::size_t i = 0; i < files.size(); ++i) {
    ReplicationJob job{std::move((*loaded)[i]), targets.folders[i].string(), {}, {}, {}, nullptr};
    const auto& run = job.loaded.scenario.single("run");
    job.tables = simulation::result_tables(job.loaded.world);
    job.quarters = quarter_names(run, static_cast<int>(run.integer("quarters")));
    if (const auto why = refusal(job, arguments.count("replication")); !why.empty()) {
      return tell_fault(context, why);
    }
    jobs.list.push_back(std::move(job));
  }
  for (auto& job : jobs.list) {
    job.results = std::make_unique<output::ResultFolder>(job.folder,
                                                         experiment::result_file_names(job.tables));
  }
  for (auto& job : jobs.list)
    run_job(job, job_options(arguments), context);
  return done;
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
          "a folder that entente wrote is replaced, any other that is not empty is refused. When\n"
          "standard output is not a terminal it gets the result folders, one a line.",
      .positionals = {"SCENARIO", "Scenario files (TOML)", 1, 0},
      .options = {{.name = "output",
                   .letter = "o",
                   .value = "FOLDER",
                   .meaning =
                       "Result folder; with several scenarios one folder for each inside it. "
                       "Default: results/<scenario>"},
                  threads_option(),
                  {.name = "replication",
                   .kind = Option::Kind::count,
                   .value = "K",
                   .meaning = "Run this replication alone (they count from 0)"}},
      .run = run};
  for (auto& option : scenario_options())
    command.options.push_back(std::move(option));
  command.options.push_back(quiet_option());
  return command;
}

}  // namespace entente::cli
