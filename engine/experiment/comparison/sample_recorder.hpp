#pragma once

#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <string>
#include <vector>

#include "engine/experiment/comparison/sample_table.hpp"
#include "engine/output/result_table.hpp"

namespace entente::experiment {

/// Takes an ensemble's results as they come, for a comparison.
class SampleRecorder {
 public:
  /// The values go to the disk of `folder`. Throws WriteFailure.
  SampleRecorder(const std::vector<output::ResultTable>& tables,
                 const std::vector<std::string>& quarters, const std::filesystem::path& folder);

  /// The results of the replication at this place of the ensemble's list; from any thread. Throws
  /// WriteFailure, as on a full disk.
  void take(std::size_t place, const output::Results& results) const;

  /// The tables with those of the list `replications` whose places are named: they were taken.
  std::vector<SampleTable> tables(const std::vector<std::uint64_t>& replications,
                                  const std::vector<std::size_t>& places) const;

 private:
  std::vector<SampleTable> tables_;
};

}  // namespace entente::experiment
