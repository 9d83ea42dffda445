#pragma once

#include <string>
#include <vector>

namespace entente::output {

/// One declared column of a result table.
struct Series {
  std::string name;     // the column, with its unit when ambiguous: revenue_usd_bn
  std::string unit;     // "USD bn", "percent", "text"
  std::string meaning;  // one sentence
};

/// A result table: a row is (replication, quarter, one entity). Entities are fixed for a run.
struct ResultTable {
  std::string name;  // "products" → products.csv
  std::string meaning;
  std::vector<Series> keys;    // text columns naming the entity: market, product, firm
  std::vector<Series> series;  // numeric columns
  std::vector<std::vector<std::string>> rows;  // entities × keys, in the order of the CSV
};

/// What one replication left behind: for every table, a value per quarter, entity and series.
/// A value that does not exist is NaN here and an empty cell in the CSV; a NaN that a computation
/// produced must be refused before it gets here.
struct Results {
  struct TableValues {
    std::vector<double> values;  // quarter slowest, then entity, series fastest
  };
  std::vector<TableValues> tables;  // in the order of the run's ResultTables
};

}  // namespace entente::output
