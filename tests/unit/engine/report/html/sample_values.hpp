#pragma once

#include <filesystem>
#include <memory>
#include <numeric>
#include <string>
#include <vector>

#include "engine/experiment/comparison/sample_table.hpp"
#include "engine/report/html/contrast.hpp"

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

/// Profits of alpha and beta over two quarters in four histories: alpha's as told, beta's more by
/// luck in one of them.
inline report::ReportedRun run_with(const std::string& title, double alpha, double luck) {
  report::ReportedRun run{"runs/" + title, {}, {}};
  run.record.title = title;
  run.record.seed = 1;
  experiment::SampleTable firms;
  firms.name = "firms";
  firms.series = {{"profit_usd_bn", "USD bn", ""}};
  firms.replications = {0, 1, 2, 3};
  firms.quarters = {"2024Q1", "2024Q2"};
  firms.entities = {"alpha", "beta"};
  std::vector<double> values(8, alpha);
  for (int quarter = 0; quarter < 2; ++quarter)
    values.insert(values.end(), {10.0, 10.0 + luck, 9.0, 12.0});
  fill(firms, values);
  run.tables = {firms};
  return run;
}

}  // namespace entente::test
