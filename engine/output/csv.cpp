#include "engine/output/csv.hpp"

#include <array>
#include <charconv>
#include <cmath>
#include <cstddef>
#include <stdexcept>

namespace entente::output {

namespace {

// Doubles hold every integer up to here exactly, so printing one as an integer loses nothing.
constexpr double exact_integers = 9007199254740992.0;

// Large enough that a write call is rare, small enough to stay out of the way of the results.
constexpr std::size_t chunk_bytes = 1u << 16;

template <typename Number>
std::string shortest(Number number) {
  std::array<char, 32> buffer{};
  const auto end = std::to_chars(buffer.data(), buffer.data() + buffer.size(), number);
  return {buffer.data(), end.ptr};
}

std::string header(const ResultTable& table) {
  std::vector<std::string> names = {"replication", "quarter"};
  for (const auto& key : table.keys)
    names.push_back(key.name);
  for (const auto& series : table.series)
    names.push_back(series.name);
  return csv_line(names);
}

// The key fields of each entity, quoted once for all replications and quarters.
std::vector<std::string> entity_texts(const ResultTable& table) {
  std::vector<std::string> texts;
  texts.reserve(table.rows.size());
  for (const auto& row : table.rows) {
    if (row.size() != table.keys.size()) {
      throw std::logic_error("table " + table.name +
                             " has a row whose keys do not fit its columns");
    }
    std::string text;
    for (const auto& key : row)
      text += ',' + csv_field(key);
    texts.push_back(std::move(text));
  }
  return texts;
}

}  // namespace

std::string csv_field(std::string_view text) {
  if (text.find_first_of(",\"\r\n") == std::string_view::npos) return std::string(text);
  std::string quoted = "\"";
  for (const char character : text) {
    if (character == '"') quoted += '"';
    quoted += character;
  }
  return quoted + '"';
}

std::string csv_number(double value) {
  if (std::isnan(value)) return {};
  if (std::isinf(value)) throw std::logic_error("a result is infinite");
  // to_chars would print 100000 as 1e+05, the shorter text; people read the integer more easily.
  if (std::trunc(value) == value && std::abs(value) <= exact_integers) {
    return shortest(static_cast<std::int64_t>(value));
  }
  return shortest(value);
}

std::string csv_line(const std::vector<std::string>& fields) {
  std::string line;
  for (std::size_t i = 0; i < fields.size(); ++i) {
    if (i > 0) line += ',';
    line += csv_field(fields[i]);
  }
  return line + '\n';
}

std::string csv_header(const ResultTable& table) {
  return header(table);
}

void write_csv_rows(const ResultTable& table, const std::vector<std::string>& quarters,
                    const ReplicationValues& replication, const TextSink& sink) {
  const auto entities = entity_texts(table);
  const std::size_t expected = quarters.size() * entities.size() * table.series.size();
  const std::vector<double>& values = replication.values->values;
  if (values.size() != expected) {
    throw std::logic_error("table " + table.name + " has " + std::to_string(values.size()) +
                           " values, expected " + std::to_string(expected));
  }
  std::string text;
  auto next = values.begin();
  for (const auto& quarter : quarters) {
    const std::string start = shortest(replication.replication) + ',' + csv_field(quarter);
    for (const auto& entity : entities) {
      text += start;
      text += entity;
      for (std::size_t s = 0; s < table.series.size(); ++s, ++next) {
        text += ',';
        try {
          text += csv_number(*next);
        } catch (const std::logic_error&) {
          throw std::logic_error(table.name + "." + table.series[s].name + " of " +
                                 entity.substr(entity.empty() ? 0 : 1) + " is infinite in " +
                                 quarter + ", replication " + shortest(replication.replication));
        }
      }
      text += '\n';
      if (text.size() > chunk_bytes) {
        sink(text);
        text.clear();
      }
    }
  }
  sink(text);
}

void write_csv(const ResultTable& table, const std::vector<std::string>& quarters,
               const std::vector<ReplicationValues>& replications, const TextSink& sink) {
  sink(csv_header(table));
  for (const ReplicationValues& replication : replications)
    write_csv_rows(table, quarters, replication, sink);
}

}  // namespace entente::output
