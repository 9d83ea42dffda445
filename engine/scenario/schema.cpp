#include "engine/scenario/schema.hpp"

// The only file of this part that sees nlohmann-json, which takes seconds to compile.
#include <cmath>
#include <nlohmann/json.hpp>
#include <stdexcept>

#include "engine/scenario/builtin_fields.hpp"
#include "engine/scenario/document.hpp"
#include "engine/scenario/field_text.hpp"

namespace entente::scenario {
namespace {

using Json = nlohmann::ordered_json;

constexpr auto id_pattern = "^[a-z0-9][a-z0-9-]*$";
constexpr auto quarter_pattern = "^(19[0-9]{2}|2[01][0-9]{2}|2200)Q[1-4]$";

Json object_of(const std::vector<Field>& fields);

/// Whole numbers without a fraction, so that editors show `1` for `1.0`.
Json json_number(double value) {
  const bool whole = std::trunc(value) == value && std::fabs(value) < 1e15;
  return whole ? Json(static_cast<std::int64_t>(value)) : Json(value);
}

struct JsonWriter {
  Json operator()(double number) const { return json_number(number); }
  Json operator()(const DateText& date) const { return date.text; }
  Json operator()(const Node::Array& elements) const {
    Json array = Json::array();
    for (const Node& each : elements)
      array.push_back(std::visit(*this, each.content));
    return array;
  }
  Json operator()(const Node::Table& members) const {
    Json object = Json::object();
    for (const Member& each : members)
      object[each.key] = std::visit(*this, each.value.content);
    return object;
  }
  template <typename T>
  Json operator()(const T& plain) const {
    return plain;
  }
};

Json default_of(const Field& field) {
  const ParsedDocument parsed = parse_document("value = " + field.default_value, "default");
  if (!parsed.root) throw std::logic_error("the default of '" + field.key + "' is not TOML");
  return std::visit(JsonWriter{}, member(*parsed.root, "value")->content);
}

std::string description_of(const Field& field) {
  std::string text = sentence(field.meaning);
  const auto add = [&](const std::string& more) { text += (text.empty() ? "" : " ") + more; };
  if (!field.refers_to.empty()) add("Type: " + type_name(field) + ".");
  if (!field.unit.empty()) add("Unit: " + field.unit + ".");
  if (!field.default_value.empty()) add("Default: " + field.default_value + ".");
  if (const std::string drawn = drawn_text(field); !drawn.empty()) add(drawn);
  if (!field.source.empty()) add("Source: " + sentence(field.source));
  return text;
}

Json bounded(const char* type, const Field& field) {
  Json schema = {{"type", type}};
  if (std::isfinite(field.minimum)) {
    schema[field.exclusive_minimum ? "exclusiveMinimum" : "minimum"] = json_number(field.minimum);
  }
  if (std::isfinite(field.maximum)) {
    schema[field.exclusive_maximum ? "exclusiveMaximum" : "maximum"] = json_number(field.maximum);
  }
  return schema;
}

Json figure_of(const Field& field) {
  Json text = {{"type", "string"}};
  Json with_provenance = {
      {"type", "object"},
      {"properties",
       {{"value", bounded("number", field)},
        {"mark", {{"enum", {"A", "B", "C", "D"}}, {"description", "Confidence, A is best."}}},
        {"source", text},
        {"note", text}}},
      {"required", {"value"}},
      {"additionalProperties", false}};
  if (field.drawn != Drawn::never) {
    with_provenance["properties"]["low"] = bounded("number", field);
    with_provenance["properties"]["high"] = bounded("number", field);
    with_provenance["dependentRequired"] = {{"low", {"high"}}, {"high", {"low"}}};
  }
  with_provenance["properties"]["together"] = {{"type", "string"}, {"pattern", id_pattern}};
  return {{"oneOf", Json::array({bounded("number", field), with_provenance})}};
}

Json type_of(const Field& field) {
  switch (field.type) {
    case Type::boolean:
      return {{"type", "boolean"}};
    case Type::integer:
      return bounded("integer", field);
    case Type::number:
      return bounded("number", field);
    case Type::figure:
      return figure_of(field);
    case Type::text:
      return {{"type", "string"}};
    case Type::texts: {
      const Json text = {{"type", "string"}};
      return {{"oneOf", Json::array({text, {{"type", "array"}, {"items", text}}})}};
    }
    case Type::quarter:
      return {{"type", "string"}, {"pattern", quarter_pattern}};
    case Type::choice:
      return {{"enum", field.choices}};
    case Type::reference:
      return {{"type", "string"}, {"pattern", id_pattern}};
    case Type::references:
      return {{"type", "array"},
              {"items", {{"type", "string"}, {"pattern", id_pattern}}},
              {"uniqueItems", true}};
    case Type::records: {
      Json items = object_of(field.fields);
      // Records are replaced whole, so what one must have must stand in this file.
      Json required = Json::array();
      for (const Field& each : field.fields) {
        if (each.required && each.default_value.empty()) required.push_back(each.key);
      }
      if (!required.empty()) items["required"] = std::move(required);
      return {{"type", "array"}, {"items", std::move(items)}};
    }
  }
  return Json::object();
}

Json schema_of(const Field& field) {
  Json schema = {{"description", description_of(field)}};
  schema.update(type_of(field));
  if (!field.default_value.empty()) schema["default"] = default_of(field);
  return schema;
}

Json object_of(const std::vector<Field>& fields) {
  Json properties = Json::object();
  for (const Field& field : fields)
    properties[field.key] = schema_of(field);
  return {
      {"type", "object"}, {"properties", std::move(properties)}, {"additionalProperties", false}};
}

Json schema_of(const Table& table) {
  if (table.kind == Table::Kind::single) {
    Json single = {{"description", table.meaning}};
    single.update(object_of(table.fields));
    return single;
  }
  std::vector<Field> fields = entry_fields();
  fields.insert(fields.end(), table.fields.begin(), table.fields.end());
  Json items = object_of(fields);
  items["properties"]["id"]["pattern"] = id_pattern;
  items["required"] = {"id"};
  return {{"description", table.meaning}, {"type", "array"}, {"items", std::move(items)}};
}

}  // namespace

std::string to_json_schema(const Schema& schema) {
  Json root = object_of(top_level_fields());
  for (const Table& table : schema)
    root["properties"][table.name] = schema_of(table);
  Json document = {{"$schema", "https://json-schema.org/draft/2020-12/schema"},
                   {"title", "entente scenario file"}};
  document.update(root);
  return document.dump(2) + "\n";
}

}  // namespace entente::scenario
