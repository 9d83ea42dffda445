#include "engine/cli/branching.hpp"

#include <filesystem>
#include <fmt/format.h>
#include <system_error>
#include <utility>

#include "engine/experiment/branching/saved_states.hpp"
#include "engine/experiment/branching/shared_history.hpp"
#include "engine/simulation/saved_world.hpp"

namespace entente::cli {

namespace {

// What SQLite keeps in one value.
constexpr double most_state_bytes = 1e9;

void read_save_quarter(const std::string& text, ReplicationJob& job, scenario::Faults& faults) {
  const auto quarter = scenario::parse_quarter(text);
  const auto& run = job.loaded.scenario.single("run");
  const int after_start = quarter ? *quarter - run.quarter("start") : 0;
  if (after_start < 1 || after_start >= static_cast<int>(job.quarters.size())) {
    const bool none = job.quarters.size() < 2;
    faults.push_back({.location = {"--save-state"},
                      .message = "is no quarter of " + job.loaded.scenario.file +
                                 " that has a quarter before it",
                      .expected = none ? std::string("a run of two quarters or more")
                                       : job.quarters[1] + " to " + job.quarters.back(),
                      .seen = text});
    return;
  }
  if (job.saved && *quarter < job.saved->quarter()) {
    faults.push_back({.location = {"--save-state"},
                      .message = "is before the quarter that --from begins with",
                      .expected = to_text(job.saved->quarter()) + " or later",
                      .seen = text});
    return;
  }
  job.save_quarter = after_start;
  if (const double bytes = state_bytes(job, 1); bytes > most_state_bytes) {
    faults.push_back(job.loaded.scenario.single("population")
                         .fault("agents",
                                fmt::format("the state of a replication takes {:.1f} GB, and at "
                                            "most 1 GB can be saved",
                                            bytes / 1e9),
                                "fewer agents, or representation = \"counts\""));
  }
}

void check_branch(const ReplicationJob& job, scenario::Faults& faults) {
  const auto& scenario = job.loaded.scenario;
  const auto folder = job.saved->file().parent_path();
  std::error_code ignored;
  if (std::filesystem::equivalent(folder, job.folder, ignored)) {
    faults.push_back(
        {.location = {"--from"},
         .message = "is the folder that the results of " + scenario.file + " would replace",
         .hint = "name another with -o"});
  }
  const auto differences = experiment::find_history_differences(
      scenario, job.saved->scenario(), job.saved->quarter(), folder.string());
  faults.insert(faults.end(), differences.begin(), differences.end());
  if (!differences.empty()) {
    if (faults.back().hint.empty())
      faults.back().hint = "run it without --from, or save states of a run that has the same past";
    return;
  }
  const int past = job.saved->quarter() - scenario.single("run").quarter("start");
  if (past < static_cast<int>(job.quarters.size())) return;
  faults.push_back(scenario.single("run").fault(
      "quarters", "the run ends before the states that " + folder.string() + " saved",
      std::to_string(past + 1) + " or more, beyond the start of " + to_text(job.saved->quarter()),
      std::to_string(job.quarters.size())));
}

}  // namespace

std::vector<Option> branching_options() {
  return {{.name = "save-state",
           .value = "QUARTER",
           .meaning = "Keep the state of every replication at the start of this quarter with the "
                      "results, for runs that branch there"},
          {.name = "from",
           .value = "RESULTS",
           .meaning = "Begin with the states that a run of --save-state left with these results; "
                      "before that quarter the scenario must be that run's, later it may have "
                      "other deals and events. The results are those of a whole run",
           .candidates = {.folders = true}}};
}

scenario::Faults read_branching(const Arguments& arguments, std::vector<ReplicationJob>& jobs,
                                const Context& context) {
  scenario::Faults faults;
  if (const auto from = arguments.text("from")) {
    auto saved = experiment::SavedRun::open(*from, ENTENTE_VERSION, context.models, faults);
    if (saved) {
      const auto shared = std::make_shared<const experiment::SavedRun>(std::move(*saved));
      for (auto& job : jobs) {
        job.saved = shared;
        check_branch(job, faults);
      }
    }
  }
  if (const auto quarter = arguments.text("save-state")) {
    for (auto& job : jobs)
      read_save_quarter(*quarter, job, faults);
  }
  return faults;
}

double state_bytes(const ReplicationJob& job, std::uint64_t replications) {
  if (job.save_quarter == 0) return 0.0;
  return simulation::saved_bytes(job.loaded.world) * static_cast<double>(replications);
}

std::string branching_line(const ReplicationJob& job, const output::Manifest& manifest) {
  if (!job.saved) return {};
  return fmt::format("{} of {} replications went on from {} of {}", manifest.units_branched,
                     manifest.replications.size() + manifest.failures.size(),
                     to_text(job.saved->quarter()), job.saved->file().parent_path().string());
}

}  // namespace entente::cli
