#include <chrono>
#include <ctime>
#include <memory>
#include <numeric>
#include <system_error>

#include "engine/cli/command.hpp"
#include "engine/cli/interrupt.hpp"
#include "engine/cli/progress.hpp"
#include "engine/cli/run_targets.hpp"
#include "engine/cli/scenario_loading.hpp"
#include "engine/experiment/ensemble.hpp"
#include "engine/experiment/memory.hpp"
#include "engine/experiment/run_results.hpp"
#include "engine/output/result_folder.hpp"
#include "engine/report/terminal.hpp"
#include "engine/simulation/baseline_certificate.hpp"
#include "engine/simulation/simulate.hpp"

namespace entente::cli {

namespace {

// One scenario with its place, ready to run.
struct Job {
  LoadedScenario loaded;
  std::string folder;
  std::vector<output::ResultTable> tables;
  std::vector<std::string> quarters;
  std::vector<std::uint64_t> replications;
  std::unique_ptr<output::ResultFolder> results;
};

std::string utc_now() {
  const std::time_t now = std::chrono::system_clock::to_time_t(std::chrono::system_clock::now());
  std::tm parts{};
  ::gmtime_r(&now, &parts);
  std::string text(20, '\0');
  text.resize(std::strftime(text.data(), text.size() + 1, "%Y-%m-%dT%H:%M:%SZ", &parts));
  return text;
}

std::vector<std::string> quarter_names(const scenario::Record& run) {
  const int quarters = static_cast<int>(run.integer("quarters"));
  std::vector<std::string> names;
  names.reserve(static_cast<std::size_t>(quarters));
  for (int q = 0; q < quarters; ++q) {
    names.push_back(to_text(run.quarter("start") + q));
  }
  return names;
}

// Empty when the job may run.
std::string refusal(Job& job, std::optional<std::uint64_t> only) {
  const auto& run = job.loaded.scenario.single("run");
  const auto count = static_cast<std::uint64_t>(run.integer("replications"));
  if (only && *only >= count) {
    return job.loaded.scenario.file + ": has no replication " + std::to_string(*only) +
           "; they count from 0 to " + std::to_string(count - 1);
  }
  const double needed =
      experiment::result_bytes(job.tables, static_cast<double>(job.quarters.size()),
                               only ? 1.0 : static_cast<double>(count));
  if (needed > experiment::memory_limit_bytes()) {
    return job.loaded.scenario.file + ": the results would need " +
           experiment::memory_text(needed) + " of memory, more than the " +
           experiment::memory_text(experiment::memory_limit_bytes()) +
           " this machine can give; lower run.replications or run.quarters";
  }
  job.replications.resize(only ? 1 : count);
  std::iota(job.replications.begin(), job.replications.end(), only.value_or(0));
  return {};
}

output::Manifest manifest_of(const Job& job, const Context& context) {
  const auto& scenario = job.loaded.scenario;
  output::Manifest manifest;
  manifest.version = ENTENTE_VERSION;
  manifest.scenario_file = scenario.file;
  manifest.scenario_title = scenario.title;
  manifest.scenario_text = scenario.canonical_text();
  manifest.seed = static_cast<std::uint64_t>(scenario.single("run").integer("seed"));
  manifest.representation = scenario.single("population").text("representation");
  manifest.first_quarter = job.quarters.front();
  manifest.quarters = static_cast<int>(job.quarters.size());
  manifest.replications = job.replications;
  manifest.command = context.command_line;
  return manifest;
}

void run_job(Job& job, int threads, bool quiet, Context& context) {
  auto& terminal = context.terminal;
  auto manifest = manifest_of(job, context);
  manifest.started = utc_now();
  manifest.threads = threads;
  const auto begin = std::chrono::steady_clock::now();
  for (const auto& certificate : simulation::certify_baseline(job.loaded.world)) {
    const bool certified = certificate.not_certified.empty();
    manifest.nash_certificates.push_back(
        {certificate.market, certified ? std::optional(certificate.gain) : std::nullopt});
    const auto text = simulation::describe_certificate(certificate);
    if (!text.empty() && !quiet)
      terminal.err << job.loaded.scenario.file << ": warning: " << text << '\n';
  }

  std::vector<output::Results> results;
  {
    const bool watched = terminal.err_is_terminal && !quiet;
    Progress progress(terminal.err, job.loaded.scenario.file);
    experiment::EnsembleOptions options{threads, &interrupted_flag(), {}};
    if (watched) {
      options.progress = [&](std::size_t ready, std::size_t all) { progress.show(ready, all); };
    }
    const int until = static_cast<int>(job.quarters.size());
    results = experiment::run_ensemble(
        job.replications,
        [&](std::uint64_t replication) {
          return simulation::simulate(job.loaded.world, replication, until);
        },
        options);
  }

  const experiment::Outcome outcome{&job.tables, &results, job.quarters.size()};
  manifest.seconds =
      std::chrono::duration<double>(std::chrono::steady_clock::now() - begin).count();
  experiment::describe_outcome(outcome, manifest);
  experiment::write_results(*job.results, outcome, job.replications, job.quarters, manifest,
                            &interrupted_flag());

  // The path is the data of this command; the screen is for people and keeps off a piped stdout.
  if (!terminal.out_is_terminal) terminal.out << job.folder << '\n' << std::flush;
  if (quiet) return;
  const report::RunFacts facts{manifest.scenario_title,
                               job.folder,
                               manifest.representation,
                               job.quarters.front(),
                               job.quarters.back(),
                               manifest.seconds,
                               threads};
  const bool to_out = terminal.out_is_terminal;
  const bool colour = terminal.colour && (to_out || terminal.err_is_terminal);
  (to_out ? terminal.out : terminal.err)
      << report::run_screen(facts, outcome, {.colour = colour}) << std::flush;
}

// Jobs in the making; the last goes first, so that parents made for the first are empty by then.
struct Jobs {
  std::vector<Job> list;
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

ExitCode fault(Context& context, const std::string& message) {
  context.terminal.err << "entente: error: " << message << '\n';
  return user_fault;
}

ExitCode run_all(const Arguments& arguments, Context& context) {
  const auto& files = arguments.positionals;
  const auto targets = run_targets(files, arguments.text("output").value_or(""));
  if (!targets.fault.empty()) return fault(context, targets.fault);

  auto loaded = load_scenarios(files, arguments, context);
  if (!loaded) return user_fault;
  Jobs jobs;
  for (std::size_t i = 0; i < files.size(); ++i) {
    Job job{std::move((*loaded)[i]), targets.folders[i].string(), {}, {}, {}, nullptr};
    job.tables = simulation::result_tables(job.loaded.world);
    job.quarters = quarter_names(job.loaded.scenario.single("run"));
    if (const auto why = refusal(job, arguments.count("replication")); !why.empty()) {
      return fault(context, why);
    }
    jobs.list.push_back(std::move(job));
  }
  for (auto& job : jobs.list) {
    job.results = std::make_unique<output::ResultFolder>(job.folder,
                                                         experiment::result_file_names(job.tables));
  }

  const bool quiet = arguments.given("quiet");
  const int threads =
      static_cast<int>(arguments.count("threads").value_or(experiment::default_threads()));
  for (auto& job : jobs.list)
    run_job(job, threads, quiet, context);
  return done;
}

ExitCode run(const Arguments& arguments, Context& context) {
  auto& err = context.terminal.err;
  try {
    return run_all(arguments, context);
  } catch (const output::FolderRefused& refused) {
    return fault(context, refused.what());
  } catch (const experiment::Cancelled&) {
    err << "entente: interrupted; what was not complete is not kept\n";
    return interrupted;
  } catch (const experiment::EnsembleFailure& failure) {
    err << "entente: error: " << failure.what() << "; no results were written\n";
    constexpr std::size_t most = 10;
    for (std::size_t i = 0; i < std::min(most, failure.failures.size()); ++i) {
      const auto& one = failure.failures[i];
      err << "  replication " << one.replication << ": " << one.message << '\n';
    }
    if (failure.failures.size() > most) {
      err << "  and " << failure.failures.size() - most << " more\n";
    }
    return failed;
  }
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
                  {.name = "threads",
                   .kind = Option::Kind::count,
                   .value = "N",
                   .meaning = "Replications at a time; the results do not depend on it. Default: "
                              "one for each processor",
                   .minimum = 1,
                   .maximum = 1024},
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
