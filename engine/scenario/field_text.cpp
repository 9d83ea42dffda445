#include "engine/scenario/field_text.hpp"

#include <algorithm>
#include <cmath>
#include <string_view>

#include "engine/scenario/toml_text.hpp"

namespace entente::scenario {
namespace {

std::string joined(const std::vector<std::string>& words, const std::string& between) {
  std::string text;
  for (const std::string& word : words)
    text += (text.empty() ? "" : between) + word;
  return text;
}

std::string with_bounds_and_unit(std::string text, const Field& field) {
  const std::string bounds = bounds_text(field);
  if (!bounds.empty()) text += " " + bounds;
  if (!field.unit.empty()) text += " (" + field.unit + ")";
  return text;
}

}  // namespace

std::string type_name(const Field& field) {
  switch (field.type) {
    case Type::boolean:
      return "boolean";
    case Type::integer:
      return "integer";
    case Type::number:
      return "number";
    case Type::figure:
      return "figure";
    case Type::text:
      return "text";
    case Type::texts:
      return "text or array of texts";
    case Type::quarter:
      return "quarter";
    case Type::choice:
      return "choice";
    case Type::reference:
      return "id of " + joined(field.refers_to, " or ");
    case Type::references:
      return "array of ids of " + joined(field.refers_to, " or ");
    case Type::records:
      return "array of tables";
  }
  return {};
}

std::string bounds_text(const Field& field) {
  const bool has_minimum = std::isfinite(field.minimum);
  const bool has_maximum = std::isfinite(field.maximum);
  const std::string minimum = shortest_number(field.minimum);
  const std::string maximum = shortest_number(field.maximum);
  if (has_minimum && has_maximum && !field.exclusive_minimum && !field.exclusive_maximum) {
    return "from " + minimum + " to " + maximum;
  }
  std::string text;
  if (has_minimum) text = (field.exclusive_minimum ? "above " : "at least ") + minimum;
  if (has_minimum && has_maximum) text += " and ";
  if (has_maximum) text += (field.exclusive_maximum ? "below " : "at most ") + maximum;
  return text;
}

std::string expected_text(const Field& field) {
  switch (field.type) {
    case Type::boolean:
      return "true or false";
    case Type::integer:
      return with_bounds_and_unit("an integer", field);
    case Type::number:
      return with_bounds_and_unit("a number", field);
    case Type::figure:
      return with_bounds_and_unit("a number", field) + ", alone or as { value = … }";
    case Type::text:
      return "a text";
    case Type::texts:
      return "a text or an array of texts";
    case Type::quarter:
      return "a quarter such as \"2024Q1\"";
    case Type::choice: {
      std::vector<std::string> choices;
      choices.reserve(field.choices.size());
      for (const std::string& choice : field.choices)
        choices.push_back(toml_string(choice));
      return "one of " + joined(choices, ", ");
    }
    case Type::reference:
      return "the id of an entry of " + joined(field.refers_to, " or ");
    case Type::references:
      return "an array of ids of " + joined(field.refers_to, " or ");
    case Type::records:
      return "an array of tables such as [ { … } ]";
  }
  return {};
}

std::string sentence(const std::string& text) {
  const bool ends = text.empty() || std::string_view(".!?").find(text.back()) != std::string::npos;
  return ends ? text : text + ".";
}

std::string drawn_text(const Field& field) {
  if (field.type != Type::figure) return {};
  std::string text;
  if (field.drawn == Drawn::by_loss) text = "Its mark is of what is lost in a quarter, 1 − value.";
  if (field.drawn == Drawn::by_range) text = "Drawn only from a range given with it.";
  if (field.drawn == Drawn::never) text = "Never drawn.";
  if (!field.sum.empty()) text += (text.empty() ? "" : " ") + std::string("Draws keep the sum.");
  return text;
}

std::vector<std::string> keys_of(const std::vector<Field>& fields) {
  std::vector<std::string> keys;
  keys.reserve(fields.size());
  for (const Field& field : fields)
    keys.push_back(field.key);
  return keys;
}

const Field* find_field(const std::vector<Field>& fields, const std::string& key) {
  const auto found = std::find_if(fields.begin(), fields.end(),
                                  [&](const Field& field) { return field.key == key; });
  return found == fields.end() ? nullptr : &*found;
}

const Table* find_table(const Schema& schema, const std::string& name) {
  const auto found = std::find_if(schema.begin(), schema.end(),
                                  [&](const Table& table) { return table.name == name; });
  return found == schema.end() ? nullptr : &*found;
}

}  // namespace entente::scenario
