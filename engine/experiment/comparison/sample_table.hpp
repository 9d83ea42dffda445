#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <string>
#include <vector>

#include "engine/experiment/series_view.hpp"
#include "engine/output/result_table.hpp"
#include "engine/scenario/diagnostic.hpp"

namespace entente::experiment {

/// A result table of a run, laid out so that the values over replications stand together.
struct SampleTable {
  std::string name;
  std::vector<output::Series> series;
  std::vector<std::uint64_t> replications;
  std::vector<std::string> quarters;
  std::vector<std::string> entities;  // their keys joined by '/'
  std::vector<double> values;         // by entity, series, quarter, replication; NaN is missing

  std::size_t place(std::size_t entity, std::size_t series_index, std::size_t quarter) const {
    return ((entity * series.size() + series_index) * quarters.size() + quarter) *
           replications.size();
  }
  /// One value a replication.
  std::span<const double> at(std::size_t entity, std::size_t series_index,
                             std::size_t quarter) const {
    return {values.data() + place(entity, series_index, quarter), replications.size()};
  }
};

/// Table number `index` of an outcome.
SampleTable sample_outcome(const Outcome& outcome, std::size_t index,
                           const std::vector<std::uint64_t>& replications,
                           const std::vector<std::string>& quarters);

/// A table from its CSV. `declared` gives the keys, and the units of the series it knows; every
/// other column is a series. Appends faults of a text that is no such table.
SampleTable read_sample_table(const std::string& file, const std::string& text,
                              const output::ResultTable& declared, scenario::Faults& faults);

}  // namespace entente::experiment
