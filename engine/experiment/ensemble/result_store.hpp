#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

#include "engine/output/journal.hpp"
#include "engine/output/result_table.hpp"

namespace entente::experiment {

/// The results of an ensemble's replications, in order, wherever they are.
class ResultStore {
 public:
  ResultStore() = default;
  virtual ~ResultStore() = default;
  ResultStore(const ResultStore&) = delete;
  ResultStore& operator=(const ResultStore&) = delete;
  ResultStore(ResultStore&&) = delete;
  ResultStore& operator=(ResultStore&&) = delete;

  virtual std::size_t replications() const = 0;
  /// Values [first, first + values.size()) of one table of one replication (by position).
  virtual void read(std::size_t replication, std::size_t table, std::size_t first,
                    std::span<double> values) const = 0;
};

/// Results in memory.
class MemoryStore : public ResultStore {
 public:
  explicit MemoryStore(std::vector<output::Results> results) : results_(std::move(results)) {}
  std::size_t replications() const override { return results_.size(); }
  void read(std::size_t replication, std::size_t table, std::size_t first,
            std::span<double> values) const override;

 private:
  std::vector<output::Results> results_;
};

/// Results in a journal: memory does not grow with the number of replications.
class JournalStore : public ResultStore {
 public:
  /// units: numbers of the replications in order. sizes: values of each table.
  JournalStore(const output::Journal& journal, std::vector<std::uint64_t> units,
               const std::vector<std::size_t>& sizes);
  std::size_t replications() const override { return units_.size(); }
  void read(std::size_t replication, std::size_t table, std::size_t first,
            std::span<double> values) const override;

 private:
  const output::Journal& journal_;
  std::vector<std::uint64_t> units_;
  std::vector<std::size_t> begin_;  // of each table in a unit's values
};

/// All tables of a replication one after the other, as a journal keeps them.
std::vector<double> join_tables(const output::Results& results);

}  // namespace entente::experiment
