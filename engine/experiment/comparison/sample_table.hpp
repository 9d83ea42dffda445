#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <span>
#include <string>
#include <vector>

#include "engine/output/result_table.hpp"
#include "engine/output/scratch_numbers.hpp"

namespace entente::experiment {

/// Some series of one entity, laid out so that the values over replications stand together.
struct EntitySamples {
  std::size_t quarters = 0;
  std::size_t replications = 0;
  std::vector<double> values;  // by series, quarter, replication; NaN is missing

  /// One value a replication.
  std::span<const double> at(std::size_t series, std::size_t quarter) const {
    return std::span(values).subspan((series * quarters + quarter) * replications, replications);
  }
};

/// A result table of a run. Its values are on the disk, so that memory does not grow with the
/// number of replications.
struct SampleTable {
  std::string name;
  std::vector<output::Series> series;
  std::vector<std::uint64_t> replications;
  std::vector<std::string> quarters;
  std::vector<std::string> entities;                      // their keys joined by '/'
  std::shared_ptr<const output::ScratchNumbers> numbers;  // by place, entity, quarter, series
  std::vector<std::size_t> places;                        // of each replication

  /// Values of the series asked for, by their positions. Throws WriteFailure.
  EntitySamples read(std::size_t entity, std::span<const std::size_t> wanted) const;

  /// One value a replication. Throws WriteFailure.
  std::vector<double> at(std::size_t entity, std::size_t series_index, std::size_t quarter) const;

  /// Where a row's values begin.
  std::uint64_t row(std::size_t place, std::size_t entity, std::size_t quarter) const;
};

/// Keys of an entity in one text.
std::string join_keys(const std::vector<std::string>& keys);

}  // namespace entente::experiment
