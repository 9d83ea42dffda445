#include "engine/experiment/comparison/sample_file.hpp"

#include <algorithm>
#include <cerrno>
#include <charconv>
#include <cmath>
#include <fstream>
#include <limits>
#include <map>
#include <numeric>
#include <optional>
#include <stdexcept>
#include <system_error>
#include <utility>

#include "engine/experiment/comparison/keyed_table.hpp"
#include "engine/output/csv_reader.hpp"

namespace entente::experiment {

namespace {

constexpr double missing = std::numeric_limits<double>::quiet_NaN();

/// A file that is not the table it should be.
class BadTable : public std::runtime_error {
 public:
  BadTable(int line, const std::string& message) : std::runtime_error(message), line_(line) {}
  int line() const { return line_; }  // 0: of the whole file

 private:
  int line_;
};

/// Hands every record over.
void read_records(const std::string& file, const std::function<void(output::CsvRecord&&)>& take) {
  std::error_code error;
  // A pipe could block for ever, and cannot be read twice.
  if (std::filesystem::exists(file, error) && !std::filesystem::is_regular_file(file, error))
    throw BadTable(0, "is not a regular file");
  errno = 0;
  std::ifstream stream(file, std::ios::binary);
  const auto csv = output::read_csv_records(stream, take);
  if (!csv.flaw.empty()) throw BadTable(csv.flaw_line, "is no CSV: " + csv.flaw);
  if (!stream.eof()) {
    throw BadTable(0, "cannot be read: " + std::generic_category().message(errno));
  }
}

/// Numbers names from 0 as they come.
class Numbering {
 public:
  std::size_t number(const std::string& name) {
    const auto [found, is_new] = numbers_.emplace(name, names_.size());
    if (is_new) names_.push_back(name);
    return found->second;
  }
  const std::vector<std::string>& names() const { return names_; }

 private:
  std::map<std::string, std::size_t> numbers_;
  std::vector<std::string> names_;
};

/// Where a header has what makes a row.
struct Columns {
  std::size_t all = 0;
  std::size_t replication = 0;
  std::size_t quarter = 0;
  std::vector<std::size_t> keys;
  std::vector<std::size_t> series;
};

Columns find_columns(const output::CsvRecord& header, const output::ResultTable& declared) {
  const auto position = [&](const std::string& name) {
    const auto found = std::ranges::find(header.fields, name);
    if (found == header.fields.end()) throw BadTable(header.line, "has no column '" + name + "'");
    return static_cast<std::size_t>(found - header.fields.begin());
  };
  Columns columns{header.fields.size(), position("replication"), position("quarter"), {}, {}};
  for (const auto& key : declared.keys)
    columns.keys.push_back(position(key.name));
  for (std::size_t c = 0; c < columns.all; ++c) {
    const bool named = c == columns.replication || c == columns.quarter ||
                       std::ranges::find(columns.keys, c) != columns.keys.end();
    if (named) continue;
    if (position(header.fields[c]) != c) {
      throw BadTable(header.line,
                     "the column '" + header.fields[c] + "' stands twice in the header");
    }
    columns.series.push_back(c);
  }
  return columns;
}

/// What names the rows of a table, in the order of their first appearance.
class RowNames {
 public:
  explicit RowNames(const output::ResultTable& declared) : declared_(declared) {}

  void take(const output::CsvRecord& record) {
    if (!columns_) {
      columns_ = find_columns(record, declared_);
      header_ = record.fields;
    } else if (record.fields.size() != columns_->all) {
      throw BadTable(record.line, "the row does not fit the header");
    } else {
      place(record);
    }
  }

  /// Everything but values. Throws BadTable when there was no header.
  SampleTable table() const {
    if (!columns_) throw BadTable(1, "is empty");
    SampleTable table{declared_.name, {}, numbers_, quarters_.names(), entities_.names(), {}, {}};
    for (const auto column : columns_->series) {
      const auto known =
          std::ranges::find(declared_.series, header_[column], &output::Series::name);
      table.series.push_back(
          known == declared_.series.end() ? output::Series{header_[column], "", ""} : *known);
    }
    table.places.resize(numbers_.size());
    std::iota(table.places.begin(), table.places.end(), std::size_t{0});
    return table;
  }

  struct Place {
    std::size_t replication;
    std::size_t quarter;
    std::size_t entity;
  };
  Place place(const output::CsvRecord& record) {
    std::vector<std::string> keys;
    keys.reserve(columns_->keys.size());
    for (const auto column : columns_->keys)
      keys.push_back(record.fields[column]);
    return {replication(record), quarters_.number(record.fields[columns_->quarter]),
            entities_.number(join_keys(keys))};
  }

  const Columns& columns() const { return *columns_; }

 private:
  std::size_t replication(const output::CsvRecord& record) {
    const std::string& cell = record.fields[columns_->replication];
    std::uint64_t number = 0;
    const auto read = std::from_chars(cell.data(), cell.data() + cell.size(), number);
    if (read.ec != std::errc{} || read.ptr != cell.data() + cell.size()) {
      throw BadTable(record.line, "'" + cell + "' is no replication");
    }
    const auto [found, is_new] = places_.emplace(number, numbers_.size());
    if (is_new) numbers_.push_back(number);
    return found->second;
  }

  const output::ResultTable& declared_;
  std::optional<Columns> columns_;
  std::vector<std::string> header_;
  std::map<std::uint64_t, std::size_t> places_;
  std::vector<std::uint64_t> numbers_;
  Numbering quarters_;
  Numbering entities_;
};

std::vector<double> row_values(const output::CsvRecord& record, const Columns& columns) {
  std::vector<double> values;
  values.reserve(columns.series.size());
  for (const auto column : columns.series) {
    const std::string& cell = record.fields[column];
    const auto number = cell.empty() ? std::optional(missing) : cell_number(cell);
    if (!number || std::isinf(*number)) {
      throw BadTable(record.line, "'" + cell + "' is no finite number");
    }
    values.push_back(*number);
  }
  return values;
}

void fill(SampleTable& table, const std::string& file, RowNames& names,
          const std::filesystem::path& scratch_folder) {
  const auto numbers = std::make_shared<const output::ScratchNumbers>(scratch_folder);
  const std::vector<double> nothing(table.row(1, 0, 0), missing);
  for (const std::size_t place : table.places)
    numbers->write(table.row(place, 0, 0), nothing);
  std::vector<bool> filled(table.replications.size() * table.entities.size() *
                           table.quarters.size());
  bool is_header = true;
  read_records(file, [&](const output::CsvRecord& record) {
    if (std::exchange(is_header, false)) return;
    const auto [replication, quarter, entity] = names.place(record);
    const std::size_t row =
        (replication * table.entities.size() + entity) * table.quarters.size() + quarter;
    if (filled.at(row)) throw BadTable(record.line, "the keys of the row stand in an earlier one");
    filled[row] = true;
    numbers->write(table.row(replication, entity, quarter), row_values(record, names.columns()));
  });
  table.numbers = numbers;
}

}  // namespace

SampleTable read_sample_table(const std::string& file, const output::ResultTable& declared,
                              const std::filesystem::path& scratch_folder,
                              scenario::Faults& faults) {
  SampleTable table;
  try {
    RowNames names(declared);
    read_records(file, [&](const output::CsvRecord& record) { names.take(record); });
    table = names.table();
    fill(table, file, names, scratch_folder);
  } catch (const BadTable& bad) {
    faults.push_back({.location = {file, bad.line(), 0}, .message = bad.what()});
  }
  return table;
}

}  // namespace entente::experiment
