#include <algorithm>

#include "engine/scenario/builtin_fields.hpp"
#include "engine/scenario/field_text.hpp"
#include "engine/scenario/schema.hpp"

namespace entente::scenario {
namespace {

/// Text for one cell of a Markdown table: a pipe or a line break would end the cell.
std::string cell(const std::string& text) {
  std::string escaped;
  for (const char c : text) {
    if (c == '|') {
      escaped += "\\|";
    } else if (c == '\n') {
      escaped += ' ';
    } else {
      escaped += c;
    }
  }
  return escaped;
}

std::string code(const std::string& text) {
  return text.empty() ? text : "`" + text + "`";
}

std::string type_cell(const Field& field) {
  std::string tables;
  for (const std::string& table : field.refers_to) {
    tables += (tables.empty() ? "" : " or ") + code(table);
  }
  if (field.type == Type::reference) return "id of " + tables;
  if (field.type == Type::references) return "ids of " + tables;
  return type_name(field);
}

std::string allowed_cell(const Field& field) {
  std::string choices;
  for (const std::string& choice : field.choices) {
    choices += (choices.empty() ? "" : ", ") + code(choice);
  }
  return choices.empty() ? bounds_text(field) : choices;
}

std::string row(const Field& field) {
  std::string meaning = sentence(field.meaning);
  if (const std::string drawn = drawn_text(field); !drawn.empty()) meaning += " " + drawn;
  if (!field.source.empty()) meaning += " Source: " + sentence(field.source);
  const std::string standard =
      field.default_value.empty() && field.required ? "required" : code(field.default_value);
  std::string text = "|";
  for (const std::string& each :
       {code(field.key), type_cell(field), field.unit, standard, allowed_cell(field), meaning}) {
    text += each.empty() ? " |" : " " + cell(each) + " |";
  }
  return text + "\n";
}

std::string rows(const std::vector<Field>& fields) {
  std::string text =
      "| key | type | unit | default | bounds or choices | meaning |\n|---|---|---|---|---|---|\n";
  for (const Field& field : fields)
    text += row(field);
  return text;
}

/// A table of its own for each field that holds records.
std::string record_sections(const std::vector<Field>& fields, const std::string& path) {
  std::string text;
  for (const Field& field : fields) {
    if (field.fields.empty()) continue;
    const std::string key_path = path + "." + field.key;
    text += "\n### Keys of each `" + key_path + "`\n\n";
    text += "Written as `" + field.key + " = [ { … } ]`; replaced whole when inherited.\n\n";
    text += rows(field.fields) + record_sections(field.fields, key_path);
  }
  return text;
}

bool has_figures(const Schema& schema) {
  return std::any_of(schema.begin(), schema.end(), [](const Table& table) {
    return std::any_of(table.fields.begin(), table.fields.end(),
                       [](const Field& field) { return field.type == Type::figure; });
  });
}

}  // namespace

std::string to_key_reference(const Schema& schema) {
  std::string text = "## Keys of the file\n\nThey stand above the first table.\n\n";
  text += rows(top_level_fields());
  if (has_figures(schema)) {
    text +=
        "\nA *figure* is a number, or a number with its provenance: "
        "`{ value = 1.5, mark = \"B\", source = \"…\", note = \"…\" }`, where `mark` is the "
        "confidence in it, from `A` (best) to `D`.\n\n"
        "With `run.parameters = \"drawn\"` each replication draws figures anew: one with `low` and "
        "`high` between them, half of the draws below the value; one with a mark alone within a "
        "factor of 1.05 (A), 1.1 (B), 1.25 (C) or 1.5 (D) either way, cut at the key's bounds. "
        "Figures with one name in `together` share one draw, whatever their ranges. Figures "
        "without mark and range, and zeros with a mark alone, stay as they are; so do observed "
        "figures, choices and parts of a sum, as the tables say. Where draws keep a sum, what they "
        "add in all is taken off each drawn figure in proportion to its size.\n";
  }
  text += "\nEvery entry of a table in double brackets has these keys besides its own:\n\n";
  text += rows(entry_fields());
  for (const Table& table : schema) {
    const bool single = table.kind == Table::Kind::single;
    text += "\n## `" + std::string(single ? "[" : "[[") + table.name + (single ? "]" : "]]") +
            "`\n\n" + sentence(table.meaning) + "\n\n";
    text += rows(table.fields) + record_sections(table.fields, table.name);
  }
  return text;
}

}  // namespace entente::scenario
