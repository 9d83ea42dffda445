#include "engine/experiment/comparison/sample_recorder.hpp"

#include <algorithm>

namespace entente::experiment {

SampleRecorder::SampleRecorder(const std::vector<output::ResultTable>& tables,
                               const std::vector<std::string>& quarters,
                               const std::filesystem::path& folder) {
  for (const auto& declared : tables) {
    SampleTable table{declared.name, declared.series, {}, quarters, {}, {}, {}};
    for (const auto& keys : declared.rows)
      table.entities.push_back(join_keys(keys));
    table.numbers = std::make_shared<const output::ScratchNumbers>(folder);
    tables_.push_back(std::move(table));
  }
}

void SampleRecorder::take(std::size_t place, const output::Results& results) const {
  for (std::size_t t = 0; t < tables_.size(); ++t) {
    const SampleTable& table = tables_[t];
    const std::vector<double>& values = results.tables.at(t).values;
    const std::size_t width = table.series.size();
    std::vector<double> by_entity(values.size());
    for (std::size_t e = 0; e < table.entities.size(); ++e) {
      for (std::size_t q = 0; q < table.quarters.size(); ++q) {
        const auto* const row = values.data() + (q * table.entities.size() + e) * width;
        std::copy_n(row, width, by_entity.data() + (e * table.quarters.size() + q) * width);
      }
    }
    table.numbers->write(table.row(place, 0, 0), by_entity);
  }
}

std::vector<SampleTable> SampleRecorder::tables(const std::vector<std::uint64_t>& replications,
                                                const std::vector<std::size_t>& places) const {
  auto tables = tables_;
  for (auto& table : tables) {
    table.places = places;
    for (const std::size_t place : places)
      table.replications.push_back(replications.at(place));
  }
  return tables;
}

}  // namespace entente::experiment
