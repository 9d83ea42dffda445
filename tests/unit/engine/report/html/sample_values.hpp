#pragma once

#include <filesystem>
#include <memory>
#include <numeric>
#include <vector>

#include "engine/experiment/comparison/sample_table.hpp"

namespace entente::test {

/// Fills a table of one series; values by entity, quarter, replication.
inline void fill(experiment::SampleTable& table, const std::vector<double>& values) {
  const std::size_t count = table.replications.size();
  const std::size_t rows = table.entities.size() * table.quarters.size();
  std::vector<double> by_place;
  for (std::size_t place = 0; place < count; ++place) {
    for (std::size_t row = 0; row < rows; ++row)
      by_place.push_back(values.at(row * count + place));
  }
  const auto numbers =
      std::make_shared<output::ScratchNumbers>(std::filesystem::temp_directory_path());
  numbers->write(0, by_place);
  table.numbers = numbers;
  table.places.resize(count);
  std::iota(table.places.begin(), table.places.end(), std::size_t{0});
}

}  // namespace entente::test
