#include "engine/cli/simulated_run.hpp"

#include <algorithm>
#include <numeric>
#include <set>

#include "engine/experiment/comparison/sample_recorder.hpp"
#include "engine/experiment/memory.hpp"
#include "engine/simulation/simulate.hpp"

namespace entente::cli {

namespace {

/// Places in the list of replications of those that did not fail.
std::vector<std::size_t> finished_places(const std::vector<std::uint64_t>& replications,
                                         const std::vector<experiment::UnitFailure>& failures) {
  std::set<std::uint64_t> failed;
  for (const auto& failure : failures)
    failed.insert(failure.replication);
  std::vector<std::size_t> places;
  for (std::size_t place = 0; place < replications.size(); ++place) {
    if (!failed.contains(replications[place])) places.push_back(place);
  }
  return places;
}

}  // namespace

ReplicationJob comparison_job(LoadedScenario loaded) {
  ReplicationJob job{std::move(loaded), {}, {}, {}, {}, nullptr};
  const auto& run = job.loaded.scenario.single("run");
  job.tables = simulation::result_tables(job.loaded.world);
  job.quarters = quarter_names(run, static_cast<int>(run.integer("quarters")));
  job.replications.resize(static_cast<std::size_t>(run.integer("replications")));
  std::iota(job.replications.begin(), job.replications.end(), 0);
  return job;
}

double scratch_bytes(const ReplicationJob& job) {
  return experiment::result_bytes(job.tables, static_cast<double>(job.quarters.size()),
                                  static_cast<double>(job.replications.size()));
}

SimulatedRun simulate_run(const std::string& name, const ReplicationJob& job,
                          const JobOptions& options, const std::filesystem::path& scratch_folder,
                          Context& context) {
  auto manifest = begin_manifest(job, options, context);
  certify(job, options, manifest, context);
  const experiment::SampleRecorder recorder(job.tables, job.quarters, scratch_folder);
  SimulatedRun simulated;
  simulated.failures = hand_over_replications(
      job, options, manifest, context,
      [&](std::size_t place, const output::Results& results) { recorder.take(place, results); });
  if (simulated.failures.size() == job.replications.size()) {
    throw experiment::EnsembleFailure(std::move(simulated.failures), job.replications.size());
  }
  simulated.run = {name, manifest.scenario_title, manifest.version, manifest.seed, {}, {}};
  for (const auto& table : job.tables)
    simulated.run.tables.push_back(table.name);
  simulated.run.load = [tables =
                            recorder.tables(job.replications,
                                            finished_places(job.replications, simulated.failures))](
                           const std::string& table, scenario::Faults& /*faults*/) {
    return *std::ranges::find(tables, table, &experiment::SampleTable::name);
  };
  return simulated;
}

}  // namespace entente::cli
