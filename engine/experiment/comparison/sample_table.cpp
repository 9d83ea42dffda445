#include "engine/experiment/comparison/sample_table.hpp"

namespace entente::experiment {

EntitySamples SampleTable::read(std::size_t entity, std::span<const std::size_t> wanted) const {
  EntitySamples samples{quarters.size(), replications.size(), {}};
  samples.values.resize(wanted.size() * quarters.size() * replications.size());
  std::vector<double> course(quarters.size() * series.size());
  for (std::size_t r = 0; r < replications.size(); ++r) {
    numbers->read(row(places[r], entity, 0), course);
    for (std::size_t w = 0; w < wanted.size(); ++w) {
      for (std::size_t q = 0; q < quarters.size(); ++q) {
        samples.values[(w * quarters.size() + q) * replications.size() + r] =
            course[q * series.size() + wanted[w]];
      }
    }
  }
  return samples;
}

std::vector<double> SampleTable::at(std::size_t entity, std::size_t series_index,
                                    std::size_t quarter) const {
  std::vector<double> values(replications.size());
  for (std::size_t r = 0; r < replications.size(); ++r)
    numbers->read(row(places[r], entity, quarter) + series_index, std::span(values).subspan(r, 1));
  return values;
}

std::uint64_t SampleTable::row(std::size_t place, std::size_t entity, std::size_t quarter) const {
  return ((static_cast<std::uint64_t>(place) * entities.size() + entity) * quarters.size() +
          quarter) *
         series.size();
}

std::string join_keys(const std::vector<std::string>& keys) {
  std::string name;
  for (std::size_t k = 0; k < keys.size(); ++k)
    name += (k > 0 ? "/" : "") + keys[k];
  return name;
}

}  // namespace entente::experiment
