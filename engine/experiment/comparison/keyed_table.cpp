#include "engine/experiment/comparison/keyed_table.hpp"

#include <algorithm>
#include <charconv>
#include <filesystem>
#include <map>
#include <set>

#include "engine/experiment/comparison/declared_keys.hpp"

namespace entente::experiment {

namespace {

using Names = std::vector<std::string>;

std::string joined(const Names& names) {
  std::string text;
  for (const auto& name : names)
    text += (text.empty() ? "" : ",") + name;
  return text;
}

/// A line whose keys are those of an earlier one; nothing when all differ.
struct Repeat {
  int line = 0;
  int earlier = 0;
  std::string keys;
};
std::optional<Repeat> find_repeat(const CsvTable& table, const Names& keys) {
  std::vector<std::size_t> columns;
  for (const auto& key : keys)
    columns.push_back(*table.column(key));
  std::map<Names, int> seen;
  for (const auto& row : table.rows) {
    Names cells;
    for (const auto column : columns)
      cells.push_back(row.fields[column]);
    const auto [earlier, is_new] = seen.emplace(cells, row.line);
    if (!is_new) return Repeat{row.line, earlier->second, joined(cells)};
  }
  return std::nullopt;
}

bool is_unique(const CsvTable& base, const CsvTable& other, const Names& keys) {
  return !find_repeat(base, keys) && !find_repeat(other, keys);
}

bool may_be_key(const CsvTable& table, std::size_t column) {
  return std::ranges::all_of(table.rows, [&](const output::CsvRecord& row) {
    const std::string& cell = row.fields[column];
    return !cell_number(cell) || cell.find_first_not_of("+-0123456789") == std::string::npos;
  });
}

/// Leading columns of the base that may be keys in both.
Names leading_columns(const CsvTable& base, const CsvTable& other) {
  Names leading;
  for (std::size_t c = 0; c < base.columns.size(); ++c) {
    const auto there = other.column(base.columns[c]);
    if (!there || !may_be_key(base, c) || !may_be_key(other, *there)) break;
    leading.push_back(base.columns[c]);
  }
  return leading;
}

/// Columns of both beside the keys, those first that may be keys.
Names further_columns(const CsvTable& base, const CsvTable& other, const Names& keys) {
  Names names;
  Names figures;
  for (std::size_t c = 0; c < base.columns.size(); ++c) {
    const auto& column = base.columns[c];
    const auto there = other.column(column);
    if (!there || std::ranges::find(keys, column) != keys.end()) continue;
    (may_be_key(base, c) && may_be_key(other, *there) ? names : figures).push_back(column);
  }
  names.insert(names.end(), figures.begin(), figures.end());
  return names;
}

void add_repeat_fault(const CsvTable& base, const CsvTable& other, const Names& keys,
                      scenario::Faults& faults) {
  for (const auto* const table : {&base, &other}) {
    const auto repeat = find_repeat(*table, keys);
    if (!repeat) continue;
    scenario::Fault fault;
    fault.location = {table->file, repeat->line, 0};
    fault.message = "the keys " + joined(keys) + " do not tell this row from that of line " +
                    std::to_string(repeat->earlier);
    fault.seen = repeat->keys;
    Names more = keys;
    for (const auto& column : further_columns(base, other, keys)) {
      more.push_back(column);
      if (!is_unique(base, other, more)) continue;
      fault.hint = "try --key " + joined(more);
      break;
    }
    if (fault.hint.empty()) fault.hint = "no columns that both files have tell their rows apart";
    faults.push_back(fault);
    return;
  }
}

}  // namespace

std::optional<std::size_t> CsvTable::column(const std::string& name) const {
  const auto found = std::ranges::find(columns, name);
  if (found == columns.end()) return std::nullopt;
  return static_cast<std::size_t>(found - columns.begin());
}

std::optional<double> cell_number(const std::string& cell) {
  double number = 0.0;
  const char* begin = cell.data();
  const char* const end = begin + cell.size();
  if (cell.starts_with('+') && !cell.starts_with("+-")) ++begin;
  const auto read = std::from_chars(begin, end, number);
  if (read.ec != std::errc{} || read.ptr != end) return std::nullopt;
  return number;
}

CsvTable read_table(const std::string& file, const std::string& text, scenario::Faults& faults) {
  CsvTable table{file, {}, {}};
  auto csv = output::read_csv(text);
  if (!csv.flaw.empty()) {
    faults.push_back({.location = {file, csv.flaw_line, 0}, .message = "is no CSV: " + csv.flaw});
    return table;
  }
  if (csv.records.empty()) {
    faults.push_back(
        {.location = {file}, .message = "is empty", .expected = "a CSV with a header"});
    return table;
  }
  table.columns = std::move(csv.records.front().fields);
  std::set<std::string> names;
  for (const auto& column : table.columns) {
    if (names.insert(column).second) continue;
    faults.push_back({.location = {file, csv.records.front().line, 0},
                      .message = "the column '" + column + "' stands twice in the header"});
  }
  csv.records.erase(csv.records.begin());
  for (const auto& row : csv.records) {
    if (row.fields.size() == table.columns.size()) continue;
    faults.push_back({.location = {file, row.line, 0},
                      .message = "the row does not fit the header",
                      .expected = std::to_string(table.columns.size()) + " cells",
                      .seen = std::to_string(row.fields.size())});
    break;  // one such row mostly means that all are so
  }
  table.rows = std::move(csv.records);
  return table;
}

std::vector<std::string> find_keys(const CsvTable& base, const CsvTable& other,
                                   const std::vector<std::string>& given,
                                   scenario::Faults& faults) {
  for (const auto& key : given) {
    for (const auto* const table : {&base, &other}) {
      if (table->column(key)) continue;
      const auto near = scenario::nearest_name(key, table->columns);
      faults.push_back({.location = {table->file},
                        .message = "has no column '" + key + "', named by --key",
                        .hint = near.empty() ? "" : "did you mean '" + near + "'?"});
    }
  }
  if (!faults.empty()) return {};

  Names keys = given;
  if (keys.empty()) {
    keys = declared_keys(std::filesystem::path(base.file).stem().string());
    const bool has_all = std::ranges::all_of(
        keys, [&](const auto& key) { return base.column(key) && other.column(key); });
    if (!has_all) keys.clear();
  }
  if (keys.empty()) {
    for (const auto& column : leading_columns(base, other)) {
      keys.push_back(column);
      if (is_unique(base, other, keys)) break;
    }
  }
  if (keys.empty()) {
    faults.push_back(
        {.location = {base.file},
         .message = "does not begin with a column of text, quarters or integers that " +
                    other.file + " has too",
         .hint = "name the columns that tell rows apart with --key"});
    return {};
  }
  add_repeat_fault(base, other, keys, faults);
  return keys;
}

}  // namespace entente::experiment
