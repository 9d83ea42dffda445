#include <algorithm>

#include "engine/scenario/builtin_fields.hpp"
#include "engine/scenario/field_text.hpp"
#include "engine/scenario/schema.hpp"

namespace entente::scenario {
namespace {

/// The parts of a key path, without the indices of array elements.
std::vector<std::string> parts_of(const std::string& key_path) {
  std::vector<std::string> parts(1);
  bool in_index = false;
  for (const char c : key_path) {
    if (c == '[') in_index = true;
    if (c == '.' && !in_index) {
      parts.emplace_back();
    } else if (!in_index) {
      parts.back() += c;
    }
    if (c == ']') in_index = false;
  }
  return parts;
}

std::string line(const std::string& name, const std::string& text) {
  return text.empty() ? std::string{}
                      : "  " + name + std::string(10 - name.size(), ' ') + text + "\n";
}

std::string explanation(const Field& field, const std::string& path) {
  std::string choices;
  for (const std::string& choice : field.choices)
    choices += (choices.empty() ? "" : ", ") + choice;
  std::string text = path + "\n";
  if (!field.meaning.empty()) text += "  " + field.meaning + "\n";
  text += "\n";
  text += line("type", type_name(field));
  text += line("unit", field.unit);
  text += line("bounds", bounds_text(field));
  text += line("choices", choices);
  text += line("default", field.default_value.empty()
                              ? (field.required ? "none: it must be given" : "none")
                              : field.default_value);
  text += line("drawn", drawn_text(field));
  text += line("source", field.source);
  if (!field.fields.empty()) text += "\n  each of them has";
  for (const Field& each : field.fields) {
    text += "\n    " + each.key + (each.required ? " (must be given)" : "") + ": " +
            type_name(each) + (each.meaning.empty() ? "" : ". " + each.meaning);
  }
  return field.fields.empty() ? text : text + "\n";
}

/// Follows the parts from `next` on, which may name a field of records inside `field`.
std::string explain_from(const Field* field, const std::vector<std::string>& parts,
                         std::size_t next, std::string path) {
  if (field == nullptr) return {};
  path += "." + field->key;
  if (next == parts.size()) return explanation(*field, path);
  return explain_from(find_field(field->fields, parts[next]), parts, next + 1, path);
}

}  // namespace

std::string explain_key(const Schema& schema, const std::string& key_path) {
  const std::vector<std::string> parts = parts_of(key_path);
  if (parts.size() == 1) {
    const Field* field = find_field(top_level_fields(), parts[0]);
    return field ? explanation(*field, field->key) : std::string{};
  }
  const Table* table = find_table(schema, parts[0]);
  if (table == nullptr) return {};
  if (table->kind == Table::Kind::single) {
    return explain_from(find_field(table->fields, parts[1]), parts, 2, table->name);
  }
  std::vector<Field> fields = entry_fields();
  fields.insert(fields.end(), table->fields.begin(), table->fields.end());
  const std::string path = table->name + ".<id>";
  if (parts.size() > 2) {
    std::string found = explain_from(find_field(fields, parts[2]), parts, 3, path);
    if (!found.empty()) return found;
  }
  return explain_from(find_field(fields, parts[1]), parts, 2, path);
}

std::vector<std::string> key_paths(const Schema& schema) {
  std::vector<std::string> paths;
  for (const Table& table : schema) {
    for (const Field& field : table.fields)
      paths.push_back(table.name + "." + field.key);
  }
  return paths;
}

}  // namespace entente::scenario
