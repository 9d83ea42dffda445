#pragma once

#include <cstdint>
#include <filesystem>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "engine/output/journal.hpp"
#include "engine/scenario/scenario.hpp"
#include "engine/simulation/model.hpp"
#include "engine/simulation/state/world.hpp"

namespace entente::experiment {

/// The file of a result folder that has the states of its replications: the journal of the run.
inline constexpr auto state_file_name = "state.sqlite";

/// The run that saved states: what it simulated, and the quarter they stand at the start of.
class SavedRun {
 public:
  /// `folder` has its results. Faults instead of a run when there are none with states, when they
  /// were saved by another `version`, or damaged.
  static std::optional<SavedRun> open(const std::filesystem::path& folder,
                                      const std::string& version,
                                      const std::vector<simulation::Model>& models,
                                      scenario::Faults& faults);

  const std::filesystem::path& file() const { return file_; }
  const scenario::Scenario& scenario() const { return scenario_; }
  scenario::QuarterDate quarter() const { return quarter_; }
  const output::Journal& journal() const { return *journal_; }
  const std::vector<output::ResultTable>& tables() const { return tables_; }
  std::size_t quarters() const { return quarters_; }

 private:
  SavedRun() = default;
  std::filesystem::path file_;
  scenario::Scenario scenario_;
  scenario::QuarterDate quarter_;
  std::unique_ptr<output::Journal> journal_;
  std::vector<output::ResultTable> tables_;  // of the saved run
  std::size_t quarters_ = 0;                 // that it simulated in all
};

/// A scenario that shares the history of a saved run: its replications begin where those stood.
class Branch {
 public:
  /// `world` is quarter 0 of the branch, without drawn parameters. Both must outlive it.
  Branch(const SavedRun& saved, const simulation::World& world);

  /// The state of a replication and what it recorded until then; `start` is its quarter 0, and
  /// `redraws` how often its parameters were drawn anew. Nothing, and no change, when the saved run
  /// has no such replication, or it drew its parameters otherwise: then it runs from the start.
  /// From any thread. Throws WriteFailure when the states are damaged.
  bool recall(std::uint64_t replication, std::int64_t redraws, simulation::World& start,
              output::Results& results) const;

 private:
  /// Puts together the quarters before the saved one from all values of a saved replication.
  void recall_values(const std::vector<double>& values, output::Results& results) const;
  [[noreturn]] void fail(const std::string& why) const;

  const SavedRun& saved_;
  const simulation::World& world_;
  std::size_t past_quarters_ = 0;               // before the saved one
  std::vector<output::ResultTable> tables_;     // of the branch
  std::vector<std::vector<std::size_t>> rows_;  // of the saved run, by table and row of the branch
  output::Results before_start_;                // one quarter, of deals that have not started
  std::map<std::uint64_t, std::int64_t> redraws_;  // of the saved replications with results
};

}  // namespace entente::experiment
