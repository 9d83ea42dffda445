#include "tests/golden/csv_comparison.hpp"

#include <algorithm>
#include <charconv>
#include <cmath>
#include <optional>
#include <sstream>

namespace entente::test {
namespace {

using Row = std::vector<std::string>;

/// Fields of one line (RFC 4180); no result has a line end inside a field.
Row split_fields(const std::string& line) {
  Row fields(1);
  bool quoted = false;
  for (const char character : line) {
    if (character == '"') {
      quoted = !quoted;
    } else if (character == ',' && !quoted) {
      fields.emplace_back();
    } else {
      fields.back() += character;
    }
  }
  return fields;
}

std::vector<Row> split_rows(const std::string& text) {
  std::vector<Row> rows;
  std::istringstream stream(text);
  for (std::string line; std::getline(stream, line);)
    rows.push_back(split_fields(line));
  return rows;
}

std::optional<double> number(const std::string& cell) {
  double value = 0.0;
  const auto [end, error] = std::from_chars(cell.data(), cell.data() + cell.size(), value);
  if (error != std::errc{} || end != cell.data() + cell.size()) return std::nullopt;
  return value;
}

bool same_figure(const std::string& golden, const std::string& actual) {
  if (golden.empty() || actual.empty()) return golden == actual;
  const auto expected = number(golden);
  const auto found = number(actual);
  if (!expected || !found) return false;
  const double size = std::max(std::abs(*expected), std::abs(*found));
  return std::abs(*expected - *found) <= std::max(absolute_tolerance, relative_tolerance * size);
}

std::string joined(const Row& row, std::size_t count) {
  std::string text;
  for (std::size_t i = 0; i < std::min(count, row.size()); ++i)
    text += (i > 0 ? "," : "") + row[i];
  return text;
}

std::string shown(const std::string& cell) {
  return cell.empty() ? "an empty cell" : cell;
}

}  // namespace

std::vector<std::string> compare_csv(const std::string& golden, const std::string& actual,
                                     std::size_t key_columns) {
  const auto expected = split_rows(golden);
  const auto found = split_rows(actual);
  if (expected.empty() || found.empty()) return {"no header"};
  const Row& header = expected.front();
  if (header != found.front()) {
    return {"columns: golden " + joined(header, header.size()) + "; now " +
            joined(found.front(), found.front().size())};
  }

  std::vector<std::string> differences;
  if (expected.size() != found.size()) {
    differences.push_back("rows: golden " + std::to_string(expected.size() - 1) + ", now " +
                          std::to_string(found.size() - 1));
  }
  for (std::size_t r = 1; r < std::min(expected.size(), found.size()); ++r) {
    const std::string row = joined(expected[r], key_columns);
    // Rows after the first that is another one would all differ.
    if (row != joined(found[r], key_columns) || found[r].size() != expected[r].size()) {
      differences.push_back("row " + std::to_string(r) + ": golden " + row + ", now " +
                            joined(found[r], key_columns));
      return differences;
    }
    for (std::size_t c = key_columns; c < expected[r].size(); ++c) {
      if (same_figure(expected[r][c], found[r][c])) continue;
      differences.push_back(row + ": " + header.at(c) + ": golden " + shown(expected[r][c]) +
                            ", now " + shown(found[r][c]));
    }
  }
  return differences;
}

}  // namespace entente::test
