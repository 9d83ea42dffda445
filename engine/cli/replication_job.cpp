#include "engine/cli/replication_job.hpp"

#include <algorithm>
#include <atomic>
#include <ctime>

#include "engine/cli/interrupt.hpp"
#include "engine/cli/progress.hpp"
#include "engine/cli/standard_terminal.hpp"
#include "engine/experiment/ensemble/ensemble.hpp"
#include "engine/experiment/ensemble/replication_start.hpp"
#include "engine/experiment/memory.hpp"
#include "engine/experiment/precision/precise_ensemble.hpp"
#include "engine/experiment/precision/stopping_record.hpp"
#include "engine/simulation/build/baseline_certificate.hpp"
#include "engine/simulation/saved_world.hpp"
#include "engine/simulation/simulate.hpp"

namespace entente::cli {

namespace {

std::string utc_now() {
  const std::time_t now = std::chrono::system_clock::to_time_t(std::chrono::system_clock::now());
  std::tm parts{};
  ::gmtime_r(&now, &parts);
  std::string text(20, '\0');
  text.resize(std::strftime(text.data(), text.size() + 1, "%Y-%m-%dT%H:%M:%SZ", &parts));
  return text;
}

experiment::EnsembleOptions ensemble_options(const JobOptions& options, Progress& progress,
                                             const Context& context) {
  experiment::EnsembleOptions ensemble{options.threads, &interrupted_flag(), {}};
  if (context.terminal.err_is_terminal && !options.quiet) {
    ensemble.progress = [&](std::size_t ready, std::size_t all) { progress.show(ready, all); };
  }
  return ensemble;
}

}  // namespace

JobOptions job_options(const Arguments& arguments) {
  return {static_cast<int>(arguments.count("threads").value_or(experiment::default_threads())),
          arguments.given("quiet"), arguments.given("json")};
}

Option threads_option() {
  return {.name = "threads",
          .kind = Option::Kind::count,
          .value = "N",
          .meaning =
              "Replications at a time; the results do not depend on it. Default: "
              "one for each processor",
          .minimum = 1,
          .maximum = 1024};
}

std::vector<std::string> quarter_names(const scenario::Record& run, int quarters) {
  std::vector<std::string> names;
  names.reserve(static_cast<std::size_t>(quarters));
  for (int q = 0; q < quarters; ++q) {
    names.push_back(to_text(run.quarter("start") + q));
  }
  return names;
}

std::string memory_refusal(const ReplicationJob& job) {
  const double needed =
      experiment::result_bytes(job.tables, static_cast<double>(job.quarters.size()),
                               static_cast<double>(job.replications.size()));
  if (needed <= experiment::memory_limit_bytes()) return {};
  return job.loaded.scenario.file + ": the results would need " + experiment::memory_text(needed) +
         " of memory, more than the " + experiment::memory_text(experiment::memory_limit_bytes()) +
         " this machine can give; lower run.replications or run.quarters";
}

output::Manifest begin_manifest(const ReplicationJob& job, const JobOptions& options,
                                const Context& context) {
  const auto& scenario = job.loaded.scenario;
  output::Manifest manifest;
  manifest.version = ENTENTE_VERSION;
  manifest.scenario_file = scenario.file;
  manifest.scenario_title = scenario.title;
  manifest.scenario_text = scenario.canonical_text();
  manifest.seed = static_cast<std::uint64_t>(scenario.single("run").integer("seed"));
  manifest.representation = scenario.single("population").text("representation");
  manifest.parameters = scenario.single("run").text("parameters");
  manifest.first_quarter = job.quarters.front();
  manifest.quarters = static_cast<int>(job.quarters.size());
  manifest.replications = job.replications;
  if (job.save_quarter > 0)
    manifest.saved_quarter = job.quarters[static_cast<std::size_t>(job.save_quarter)];
  if (job.saved) manifest.branched_from = job.saved->file().string();
  if (job.goal) manifest.stopping = experiment::describe_goal(*job.goal, job.tables);
  manifest.command = context.command_line;
  manifest.started = utc_now();
  manifest.threads = options.threads;
  return manifest;
}

void certify(const ReplicationJob& job, const JobOptions& options, output::Manifest& manifest,
             Context& context) {
  for (const auto& certificate : simulation::certify_baseline(job.loaded.world)) {
    const bool certified = certificate.not_certified.empty();
    manifest.nash_certificates.push_back(
        {certificate.market, certified ? std::optional(certificate.gain) : std::nullopt});
    const auto text = simulation::describe_certificate(certificate);
    if (text.empty() || options.quiet) continue;
    context.terminal.err << job.loaded.scenario.file << ": warning: " << text << '\n';
  }
}

std::vector<output::Results> run_replications(const ReplicationJob& job, const JobOptions& options,
                                              output::Manifest& manifest, Context& context) {
  std::vector<output::Results> results(job.replications.size());
  auto failures = hand_over_replications(
      job, options, manifest, context,
      [&](std::size_t place, output::Results result) { results[place] = std::move(result); });
  if (!failures.empty()) {
    throw experiment::EnsembleFailure(std::move(failures), job.replications.size());
  }
  return results;
}

std::vector<experiment::UnitFailure> hand_over_replications(
    const ReplicationJob& job, const JobOptions& options, output::Manifest& manifest,
    Context& context, const std::function<void(std::size_t place, output::Results)>& take) {
  const experiment::ReplicationStart start(job.loaded.scenario, job.loaded.world, context.models);
  Progress progress(context.terminal.err, job.loaded.scenario.file);
  const int until = static_cast<int>(job.quarters.size());
  std::atomic<std::int64_t> redraws = 0;
  auto failures = experiment::run_units(
      job.replications,
      [&](std::size_t place) {
        const std::uint64_t replication = job.replications[place];
        std::int64_t own_redraws = 0;
        const auto world = start.world(replication, own_redraws);
        redraws += own_redraws;
        take(place, simulation::simulate(world, replication, until));
      },
      ensemble_options(options, progress, context));
  manifest.parameter_redraws = redraws;
  return failures;
}

experiment::JournaledEnsemble run_into_journal(const ReplicationJob& job, const JobOptions& options,
                                               output::Journal& journal, output::Manifest& manifest,
                                               Context& context) {
  const experiment::ReplicationStart start(job.loaded.scenario, job.loaded.world, context.models);
  Progress progress(context.terminal.err, job.loaded.scenario.file);
  const int until = static_cast<int>(job.quarters.size());
  std::optional<experiment::Branch> branch;
  if (job.saved) branch.emplace(*job.saved, job.loaded.world);
  const auto unit = [&](std::uint64_t replication) {
    output::JournalEntry entry;
    output::Results results;
    auto world = start.world(replication, entry.redraws);
    entry.branched = branch && branch->recall(replication, entry.redraws, world, results);
    if (job.save_quarter > 0) {
      simulation::advance(world, replication, job.save_quarter, results);
      entry.state = simulation::save_world(world);
    }
    simulation::advance(world, replication, until, results);
    entry.values = experiment::join_tables(results);
    return entry;
  };
  if (job.goal) progress.expect_about();
  const auto ensemble_settings = ensemble_options(options, progress, context);
  experiment::JournaledEnsemble ensemble;
  if (job.goal) {
    auto run = experiment::run_until_precise(journal, *job.goal, job.tables, job.quarters.size(),
                                             unit, ensemble_settings);
    experiment::describe_end(run.search, *job.goal, job.tables, job.quarters.back(),
                             manifest.stopping.value());
    ensemble = std::move(run.ensemble);
  } else {
    ensemble = experiment::run_journaled(journal, job.replications, unit, ensemble_settings);
  }
  manifest.parameter_redraws = ensemble.redraws;
  manifest.units_branched = static_cast<std::int64_t>(ensemble.branched);
  manifest.units_reused = static_cast<std::int64_t>(ensemble.reused);
  manifest.replications = ensemble.replications;
  for (const auto& failure : ensemble.failures)
    manifest.failures.push_back({failure.replication, failure.message});
  return ensemble;
}

void tell_unit_failures(const std::vector<experiment::UnitFailure>& failures, std::ostream& err) {
  constexpr std::size_t most = 10;
  for (std::size_t i = 0; i < std::min(most, failures.size()); ++i)
    err << "  replication " << failures[i].replication << ": " << failures[i].message << '\n';
  if (failures.size() > most) err << "  and " << failures.size() - most << " more\n";
}

void show_results(const std::string& folder, const JobOptions& options, Context& context,
                  const std::function<std::string(const report::ScreenStyle&)>& screen) {
  auto& terminal = context.terminal;
  if (!terminal.out_is_terminal && !options.json) terminal.out << folder << '\n' << std::flush;
  if (!options.quiet) say_screen(terminal, options.json, screen);
}

ExitCode tell_fault(Context& context, const std::string& message) {
  context.terminal.err << "entente: error: " << message << '\n';
  return user_fault;
}

ExitCode tell_failures(Context& context, const std::function<ExitCode()>& work) {
  auto& err = context.terminal.err;
  try {
    return work();
  } catch (const output::FolderRefused& refused) {
    return tell_fault(context, refused.what());
  } catch (const experiment::Cancelled&) {
    err << "entente: interrupted; what was not complete is not kept\n";
    return interrupted;
  } catch (const experiment::EnsembleFailure& failure) {
    err << "entente: error: " << failure.what() << "; no results were written\n";
    tell_unit_failures(failure.failures, err);
    return failed;
  }
}

}  // namespace entente::cli
