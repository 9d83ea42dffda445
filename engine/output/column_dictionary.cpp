#include "engine/output/column_dictionary.hpp"

namespace entente::output {

namespace {

// A bar would end the cell of a Markdown table.
std::string cell(const std::string& text) {
  std::string escaped;
  for (const char character : text) {
    if (character == '|') escaped += '\\';
    escaped += character == '\n' ? ' ' : character;
  }
  return escaped;
}

std::string line(const Series& column) {
  return "| `" + column.name + "` | " + cell(column.unit) + " | " + cell(column.meaning) + " |\n";
}

}  // namespace

std::string column_section(const std::string& file, const std::string& meaning,
                           const std::vector<Series>& columns) {
  std::string text = "## `" + file + "`\n\n" + meaning + "\n\n";
  text += "| column | unit | meaning |\n|---|---|---|\n";
  for (const auto& column : columns)
    text += line(column);
  return text;
}

std::string column_dictionary(const std::vector<ResultTable>& tables) {
  std::string text;
  for (const auto& table : tables) {
    std::vector<Series> columns = {{"replication", "count", "Number of the replication, from 0."},
                                   {"quarter", "text", "Calendar quarter, as in 2024Q1."}};
    columns.insert(columns.end(), table.keys.begin(), table.keys.end());
    columns.insert(columns.end(), table.series.begin(), table.series.end());
    if (!text.empty()) text += '\n';
    text += column_section(table.name + ".csv", table.meaning, columns);
  }
  return text;
}

}  // namespace entente::output
