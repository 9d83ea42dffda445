#include "engine/experiment/comparison/sample_table.hpp"

#include <algorithm>
#include <charconv>
#include <cmath>
#include <limits>
#include <map>
#include <optional>
#include <stdexcept>

#include "engine/experiment/comparison/keyed_table.hpp"
#include "engine/output/csv_reader.hpp"

namespace entente::experiment {

namespace {

constexpr double missing = std::numeric_limits<double>::quiet_NaN();

/// A text that is not the table it should be.
class BadTable : public std::runtime_error {
 public:
  BadTable(int line, const std::string& message) : std::runtime_error(message), line_(line) {}
  int line() const { return line_; }

 private:
  int line_;
};

std::string join_keys(const std::vector<std::string>& keys) {
  std::string name;
  for (std::size_t k = 0; k < keys.size(); ++k)
    name += (k > 0 ? "/" : "") + keys[k];
  return name;
}

/// Numbers names from 0 as they come.
class Numbering {
 public:
  std::uint32_t number(const std::string& name) {
    const auto [found, is_new] = numbers_.emplace(name, names_.size());
    if (is_new) names_.push_back(name);
    return found->second;
  }
  const std::vector<std::string>& names() const { return names_; }

 private:
  std::map<std::string, std::uint32_t> numbers_;
  std::vector<std::string> names_;
};

/// Takes the records of a CSV and lays them out at the end, when the size of everything is known.
class TableReader {
 public:
  TableReader(const output::ResultTable& declared, SampleTable& table)
      : declared_(declared), table_(table) {}

  void take(const output::CsvRecord& record) {
    if (!has_header_) {
      read_header(record);
    } else if (record.fields.size() != column_count_) {
      throw BadTable(record.line, "the row does not fit the header");
    } else {
      read_row(record);
    }
  }

  void finish() {
    if (!has_header_) throw BadTable(1, "is empty");
    table_.quarters = quarters_.names();
    table_.entities = entities_.names();
    std::vector<bool> filled(table_.entities.size() * table_.quarters.size() *
                             table_.replications.size());
    table_.values.assign(filled.size() * table_.series.size(), missing);
    for (std::size_t r = 0; r < rows_.size(); ++r) {
      const Row& row = rows_[r];
      const std::size_t cell =
          (row.entity * table_.quarters.size() + row.quarter) * table_.replications.size() +
          row.replication;
      if (filled[cell]) throw BadTable(row.line, "the keys of the row stand in an earlier one");
      filled[cell] = true;
      for (std::size_t s = 0; s < table_.series.size(); ++s) {
        table_.values[table_.place(row.entity, s, row.quarter) + row.replication] =
            cells_[r * table_.series.size() + s];
      }
    }
  }

 private:
  struct Row {
    int line;
    std::uint32_t replication;
    std::uint32_t quarter;
    std::uint32_t entity;
  };

  void read_header(const output::CsvRecord& record) {
    has_header_ = true;
    column_count_ = record.fields.size();
    const auto position = [&](const std::string& name) {
      const auto found = std::ranges::find(record.fields, name);
      if (found == record.fields.end()) throw BadTable(record.line, "has no column '" + name + "'");
      return static_cast<std::size_t>(found - record.fields.begin());
    };
    replication_column_ = position("replication");
    quarter_column_ = position("quarter");
    for (const auto& key : declared_.keys)
      key_columns_.push_back(position(key.name));
    for (std::size_t c = 0; c < column_count_; ++c) {
      if (c == replication_column_ || c == quarter_column_ ||
          std::ranges::find(key_columns_, c) != key_columns_.end()) {
        continue;
      }
      const auto known =
          std::ranges::find(declared_.series, record.fields[c], &output::Series::name);
      table_.series.push_back(
          known == declared_.series.end() ? output::Series{record.fields[c], "", ""} : *known);
      series_columns_.push_back(c);
    }
  }

  void read_row(const output::CsvRecord& record) {
    std::vector<std::string> keys;
    keys.reserve(key_columns_.size());
    for (const auto column : key_columns_)
      keys.push_back(record.fields[column]);
    rows_.push_back({record.line, replication_number(record),
                     quarters_.number(record.fields[quarter_column_]),
                     entities_.number(join_keys(keys))});
    for (const auto column : series_columns_) {
      const std::string& cell = record.fields[column];
      const auto number = cell.empty() ? std::optional(missing) : cell_number(cell);
      if (!number || std::isinf(*number)) {
        throw BadTable(record.line, "'" + cell + "' is no finite number");
      }
      cells_.push_back(*number);
    }
  }

  std::uint32_t replication_number(const output::CsvRecord& record) {
    const std::string& cell = record.fields[replication_column_];
    std::uint64_t replication = 0;
    const auto read = std::from_chars(cell.data(), cell.data() + cell.size(), replication);
    if (read.ec != std::errc{} || read.ptr != cell.data() + cell.size()) {
      throw BadTable(record.line, "'" + cell + "' is no replication");
    }
    const auto number = replications_.number(cell);
    if (number == table_.replications.size()) table_.replications.push_back(replication);
    return number;
  }

  const output::ResultTable& declared_;
  SampleTable& table_;
  bool has_header_ = false;
  std::size_t column_count_ = 0;
  std::size_t replication_column_ = 0;
  std::size_t quarter_column_ = 0;
  std::vector<std::size_t> key_columns_;
  std::vector<std::size_t> series_columns_;
  Numbering replications_;
  Numbering quarters_;
  Numbering entities_;
  std::vector<Row> rows_;
  std::vector<double> cells_;
};

}  // namespace

SampleTable sample_outcome(const Outcome& outcome, std::size_t index,
                           const std::vector<std::uint64_t>& replications,
                           const std::vector<std::string>& quarters) {
  const auto& declared = (*outcome.tables)[index];
  SampleTable table{declared.name, declared.series, replications, quarters, {}, {}};
  for (const auto& row : declared.rows)
    table.entities.push_back(join_keys(row));
  table.values.resize(table.place(table.entities.size(), 0, 0));
  for (std::size_t r = 0; r < replications.size(); ++r) {
    std::vector<double> values(quarters.size() * table.entities.size() * table.series.size());
    outcome.results->read(r, index, 0, values);
    std::size_t next = 0;
    for (std::size_t q = 0; q < quarters.size(); ++q) {
      for (std::size_t e = 0; e < table.entities.size(); ++e) {
        for (std::size_t s = 0; s < table.series.size(); ++s)
          table.values[table.place(e, s, q) + r] = values.at(next++);
      }
    }
  }
  return table;
}

SampleTable read_sample_table(const std::string& file, const std::string& text,
                              const output::ResultTable& declared, scenario::Faults& faults) {
  SampleTable table;
  table.name = declared.name;
  TableReader reader(declared, table);
  try {
    const auto csv = output::read_csv_records(
        text, [&](const output::CsvRecord& record) { reader.take(record); });
    if (!csv.flaw.empty()) throw BadTable(csv.flaw_line, "is no CSV: " + csv.flaw);
    reader.finish();
  } catch (const BadTable& bad) {
    faults.push_back({.location = {file, bad.line(), 0}, .message = bad.what()});
  }
  return table;
}

}  // namespace entente::experiment
