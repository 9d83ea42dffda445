#pragma once

#include <cstddef>
#include <optional>
#include <string_view>
#include <vector>

#include "engine/experiment/ensemble/result_store.hpp"
#include "engine/output/result_table.hpp"

namespace entente::experiment {

/// What an ensemble produced: results of its replications, in order.
struct Outcome {
  const std::vector<output::ResultTable>* tables = nullptr;
  const ResultStore* results = nullptr;
  std::size_t quarters = 0;
};

/// One table of an outcome, read by names. Absent tables and series give nothing, so that readers
/// cope with models that record less.
class TableView {
 public:
  /// Nothing when the outcome has no table of that name.
  static std::optional<TableView> find(const Outcome& outcome, std::string_view table);

  const output::ResultTable& table() const { return *table_; }
  std::size_t entities() const { return table_->rows.size(); }
  std::size_t quarters() const { return quarters_; }
  std::size_t replications() const { return results_->replications(); }
  std::optional<std::size_t> series(std::string_view name) const;
  std::optional<std::size_t> key(std::string_view name) const;

  /// Number of values in one replication.
  std::size_t size() const { return quarters_ * entities() * table_->series.size(); }
  /// All values of one replication: quarter slowest, then entity, series fastest.
  std::vector<double> values(std::size_t replication) const;
  std::size_t place(std::size_t quarter, std::size_t entity, std::size_t series) const {
    return (quarter * entities() + entity) * table_->series.size() + series;
  }
  /// Values [first, first + count) of every replication, replication slowest.
  std::vector<double> columns(std::size_t first, std::size_t count) const;

  /// NaN is missing.
  double value(std::size_t replication, std::size_t quarter, std::size_t entity,
               std::size_t series) const;
  /// The values over replications that are present.
  std::vector<double> present(std::size_t quarter, std::size_t entity, std::size_t series) const;

 private:
  TableView(const Outcome& outcome, std::size_t index);

  const output::ResultTable* table_;
  const ResultStore* results_;
  std::size_t index_;
  std::size_t quarters_;
};

}  // namespace entente::experiment
