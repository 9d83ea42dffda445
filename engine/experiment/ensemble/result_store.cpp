#include "engine/experiment/ensemble/result_store.hpp"

#include <algorithm>
#include <stdexcept>

namespace entente::experiment {

void MemoryStore::read(std::size_t replication, std::size_t table, std::size_t first,
                       std::span<double> values) const {
  const std::vector<double>& all = results_.at(replication).tables.at(table).values;
  if (first + values.size() > all.size()) throw std::out_of_range("values beyond a table's end");
  std::copy_n(all.begin() + static_cast<std::ptrdiff_t>(first), values.size(), values.begin());
}

JournalStore::JournalStore(const output::Journal& journal, std::vector<std::uint64_t> units,
                           const std::vector<std::size_t>& sizes)
    : journal_(journal), units_(std::move(units)) {
  std::size_t begin = 0;
  for (const std::size_t size : sizes) {
    begin_.push_back(begin);
    begin += size;
  }
}

void JournalStore::read(std::size_t replication, std::size_t table, std::size_t first,
                        std::span<double> values) const {
  journal_.read(units_.at(replication), begin_.at(table) + first, values);
}

std::vector<double> join_tables(const output::Results& results) {
  std::vector<double> values;
  for (const auto& table : results.tables)
    values.insert(values.end(), table.values.begin(), table.values.end());
  return values;
}

}  // namespace entente::experiment
