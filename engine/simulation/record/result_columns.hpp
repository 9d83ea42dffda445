#pragma once

#include <functional>
#include <string>
#include <vector>

#include "engine/output/result_table.hpp"
#include "engine/simulation/state/moment.hpp"

namespace entente::simulation {

/// A column and how to read it for entity `index` of its table.
struct Column {
  output::Series series;
  bool may_be_missing;
  std::function<double(const Moment&, Index)> value;
};

/// A result table with how to read it: its columns, how many rows it has, and the keys of each.
struct RecordedTable {
  output::ResultTable declared;
  std::vector<Column> columns;
  std::function<std::size_t(const Economy&)> count;
  std::function<std::vector<std::string>(const Economy&, std::size_t)> row;
};

inline const Product& product_at(const Moment& moment, Index p) {
  return moment.world.economy->products[static_cast<std::size_t>(p)];
}

inline const Market& market_of(const Moment& moment, Index p) {
  return moment.world.economy->markets[static_cast<std::size_t>(product_at(moment, p).market)];
}

}  // namespace entente::simulation
