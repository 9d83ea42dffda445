#pragma once

#include <cstddef>
#include <vector>

#include "engine/experiment/backtest/observed_series.hpp"
#include "engine/experiment/series_view.hpp"

namespace entente::experiment {

/// An observed series as the model has it: sums over the products of a market and those of the
/// firm.
class ModelSeries {
 public:
  /// The outcome must have a products table with market, firm, quantity and revenue_usd_bn
  /// (std::logic_error), and outlive this.
  ModelSeries(const Outcome& outcome, const ObservedSeries& observed);

  /// In the unit of the observations; NaN for a share of nothing.
  double value(std::size_t replication, std::size_t quarter) const;
  /// Over all replications, without those that have none. Throws std::runtime_error if all lack it.
  std::vector<double> values(std::size_t quarter) const;

 private:
  TableView products_;
  std::size_t column_ = 0;
  std::vector<std::size_t> market_rows_;
  std::vector<std::size_t> firm_rows_;  // of the market where no firm is named
  bool share_;
  double model_units_;
};

}  // namespace entente::experiment
