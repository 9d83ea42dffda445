#include "engine/experiment/branching/saved_states.hpp"

#include <algorithm>
#include <iterator>
#include <limits>

#include "engine/output/file_writer.hpp"
#include "engine/output/folder_lock.hpp"
#include "engine/output/manifest.hpp"
#include "engine/population/random_stream.hpp"
#include "engine/scenario/reader.hpp"
#include "engine/simulation/saved_world.hpp"
#include "engine/simulation/simulate.hpp"

namespace entente::experiment {

namespace {

constexpr auto not_saved = std::numeric_limits<std::size_t>::max();

scenario::Fault fault_of(const std::filesystem::path& place, std::string message,
                         std::string hint = {}) {
  return {
      .location = {.file = place.string()}, .message = std::move(message), .hint = std::move(hint)};
}

}  // namespace

std::optional<SavedRun> SavedRun::open(const std::filesystem::path& folder,
                                       const std::string& version,
                                       const std::vector<simulation::Model>& models,
                                       scenario::Faults& faults) {
  const std::string save_again = "run the saved scenario again with --save-state";
  if (std::filesystem::is_regular_file(folder)) {
    faults.push_back(fault_of(folder, "is a file", "name the result folder that it is in"));
    return std::nullopt;
  }
  const auto record = output::read_run_record(folder);
  if (!record || record->saved_quarter.empty()) {
    faults.push_back(
        fault_of(folder, record ? "has results without saved states" : "has no results of a run",
                 "save states with `entente run SCENARIO --save-state QUARTER`"));
    return std::nullopt;
  }
  if (record->version != version) {
    faults.push_back(
        fault_of(folder, "has states of version " + record->version + ", and this is " + version,
                 save_again));
    return std::nullopt;
  }
  SavedRun run;
  run.file_ = folder / state_file_name;
  try {
    run.journal_ = std::make_unique<output::Journal>(run.file_);
  } catch (const output::FolderRefused&) {
    faults.push_back(fault_of(run.file_, "is missing, damaged or may not be read", save_again));
    return std::nullopt;
  }
  if (run.journal_->identity() != record->saved_identity) {
    faults.push_back(
        fault_of(run.file_, "is not of the run that manifest.json beside it tells of", save_again));
    return std::nullopt;
  }
  auto read = scenario::read_scenario_text(
      record->scenario_text, (folder / "manifest.json").string(), simulation::full_schema(models));
  faults.insert(faults.end(), read.faults.begin(), read.faults.end());
  if (!read.scenario) return std::nullopt;
  auto built = simulation::build_world(*read.scenario, models);
  faults.insert(faults.end(), built.faults.begin(), built.faults.end());
  const auto quarter = scenario::parse_quarter(record->saved_quarter);
  if (!built.world || !quarter) return std::nullopt;
  run.scenario_ = std::move(*read.scenario);
  run.quarter_ = *quarter;
  run.tables_ = simulation::result_tables(*built.world);
  run.quarters_ = static_cast<std::size_t>(run.scenario_.single("run").integer("quarters"));
  return run;
}

Branch::Branch(const SavedRun& saved, const simulation::World& world)
    : saved_(saved),
      world_(world),
      past_quarters_(static_cast<std::size_t>(saved.quarter() - world.economy->start)),
      tables_(simulation::result_tables(world)) {
  bool all_saved = true;
  for (std::size_t t = 0; t < tables_.size(); ++t) {
    const auto& known = saved.tables()[t].rows;
    rows_.emplace_back();
    for (const auto& row : tables_[t].rows) {
      const auto place = std::ranges::find(known, row);
      rows_.back().push_back(
          place == known.end() ? not_saved : static_cast<std::size_t>(place - known.begin()));
      all_saved = all_saved && place != known.end();
    }
  }
  // What is not saved are deals and events of the branch. Until they start every quarter says the
  // same of them, in every replication.
  if (!all_saved) before_start_ = simulation::simulate(world_, 0, 1);
  for (const auto& entry : saved.journal().entries()) {
    if (entry.failure.empty()) redraws_[entry.unit] = entry.redraws;
  }
}

bool Branch::recall(std::uint64_t replication, std::int64_t redraws, simulation::World& start,
                    output::Results& results) const {
  const auto known = redraws_.find(replication);
  if (known == redraws_.end() || known->second != redraws) return false;
  const auto entry = saved_.journal().read_with_state(replication);
  if (!entry) return false;
  const population::Draws draws{world_.economy->seed, static_cast<std::uint32_t>(replication)};
  try {
    start = simulation::recall_world(std::move(start), entry->state, draws);
  } catch (const simulation::DamagedWorld& damaged) {
    fail(damaged.what());
  }
  if (start.quarter != static_cast<int>(past_quarters_)) fail("a state is of another quarter");
  recall_values(entry->values, results);
  return true;
}

void Branch::fail(const std::string& why) const {
  throw output::WriteFailure(saved_.file().string() + ": " + why +
                             "; run the saved scenario again with --save-state");
}

void Branch::recall_values(const std::vector<double>& values, output::Results& results) const {
  results.tables.assign(tables_.size(), {});
  std::size_t table_begin = 0;
  for (std::size_t t = 0; t < tables_.size(); ++t) {
    const std::size_t columns = tables_[t].series.size();
    const std::size_t saved_rows = saved_.tables()[t].rows.size();
    auto& recalled = results.tables[t].values;
    for (std::size_t quarter = 0; quarter < past_quarters_; ++quarter) {
      for (std::size_t row = 0; row < rows_[t].size(); ++row) {
        const std::size_t place = rows_[t][row];
        const bool is_saved = place != not_saved;
        const auto& from = is_saved ? values : before_start_.tables[t].values;
        const std::size_t first =
            is_saved ? table_begin + (quarter * saved_rows + place) * columns : row * columns;
        if (first + columns > from.size()) fail("a replication has too few values");
        std::copy_n(from.begin() + static_cast<std::ptrdiff_t>(first), columns,
                    std::back_inserter(recalled));
      }
    }
    table_begin += saved_.quarters() * saved_rows * columns;
  }
}

}  // namespace entente::experiment
