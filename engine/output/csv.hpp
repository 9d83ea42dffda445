#pragma once

#include <cstdint>
#include <functional>
#include <string>
#include <string_view>
#include <vector>

#include "engine/output/result_table.hpp"

namespace entente::output {

/// Receives a text piece by piece, in order.
using TextSink = std::function<void(std::string_view)>;

/// One CSV field (RFC 4180): quoted when it holds a comma, a quote or a line end.
std::string csv_field(std::string_view text);

/// The shortest text that reads back as the same number; integers without a point, −0 as 0, NaN
/// (missing) as an empty cell. Throws std::logic_error for an infinity, which no result may hold.
std::string csv_number(double value);

/// One line of text fields, with its line end.
std::string csv_line(const std::vector<std::string>& fields);

/// The values of one replication for one table.
struct ReplicationValues {
  std::uint64_t replication = 0;
  const Results::TableValues* values = nullptr;
};

/// Writes a table: columns `replication`, `quarter`, the keys, the series; rows by replication,
/// quarter, then entity in the table's order. Lines end in LF. `quarters` are their texts, first to
/// last. Throws std::logic_error when the number of values does not fit the table.
void write_csv(const ResultTable& table, const std::vector<std::string>& quarters,
               const std::vector<ReplicationValues>& replications, const TextSink& sink);

/// The same in parts: the line of column names, then replications one by one.
std::string csv_header(const ResultTable& table);
void write_csv_rows(const ResultTable& table, const std::vector<std::string>& quarters,
                    const ReplicationValues& replication, const TextSink& sink);

}  // namespace entente::output
