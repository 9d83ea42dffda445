// The only file that sees toml++, which takes seconds to compile.
#include <cctype>
#include <sstream>
#include <toml++/toml.h>
#include <tuple>

#include "engine/scenario/document.hpp"
#include "engine/scenario/text_check.hpp"

namespace entente::scenario {
namespace {

using SharedName = std::shared_ptr<const std::string>;

Origin origin_of(const toml::source_region& region, const SharedName& file) {
  return {file, static_cast<int>(region.begin.line), static_cast<int>(region.begin.column)};
}

template <typename T>
std::string streamed(const T& value) {
  std::ostringstream stream;
  stream << value;
  return stream.str();
}

/// Recurses as deep as the text nests, which find_deep_nesting keeps small.
Node convert(const toml::node& from, const SharedName& file) {
  Node node{.content = false, .origin = origin_of(from.source(), file)};
  if (const auto* table = from.as_table()) {
    Node::Table members;
    members.reserve(table->size());
    for (const auto& [key, value] : *table) {
      members.push_back({.key = std::string(key.str()),
                         .key_origin = origin_of(key.source(), file),
                         .value = convert(value, file)});
    }
    node.content = std::move(members);
  } else if (const auto* array = from.as_array()) {
    Node::Array elements;
    elements.reserve(array->size());
    for (const toml::node& element : *array)
      elements.push_back(convert(element, file));
    node.content = std::move(elements);
  } else if (const auto* text = from.as_string()) {
    node.content = text->get();
  } else if (const auto* integer = from.as_integer()) {
    node.content = integer->get();
  } else if (const auto* number = from.as_floating_point()) {
    node.content = number->get();
  } else if (const auto* flag = from.as_boolean()) {
    node.content = flag->get();
  } else if (const auto* date = from.as_date()) {
    node.content = DateText{streamed(*date)};
  } else if (const auto* time = from.as_time()) {
    node.content = DateText{streamed(*time)};
  } else if (const auto* date_time = from.as_date_time()) {
    node.content = DateText{streamed(*date_time)};
  }
  return node;
}

Fault fault_of(const TextFlaw& flaw, const std::string& file) {
  return {.location = {file, flaw.line, flaw.column},
          .message = flaw.message,
          .seen = flaw.seen,
          .hint = flaw.hint};
}

Fault fault_of(const toml::parse_error& error, const std::string& file) {
  std::string description(error.description());
  if (!description.empty()) {
    description[0] = static_cast<char>(std::tolower(static_cast<unsigned char>(description[0])));
  }
  return {.location = {file, static_cast<int>(error.source().begin.line),
                       static_cast<int>(error.source().begin.column)},
          .message = "not valid TOML: " + description};
}

bool comes_before(const Fault& fault, const TextFlaw& flaw) {
  return std::tie(fault.location.line, fault.location.column) < std::tie(flaw.line, flaw.column);
}

}  // namespace

ParsedDocument parse_document(std::string_view text, const std::string& file) {
  if (const auto flaw = find_bad_byte(text)) return {.fault = fault_of(*flaw, file)};
  const auto too_deep = find_deep_nesting(text);
  try {
    // What stands before the deep place is safe to parse, and a syntax error there comes first.
    const toml::table table = toml::parse(too_deep ? text.substr(0, too_deep->offset) : text);
    if (too_deep) return {.fault = fault_of(*too_deep, file)};
    return {.root = convert(table, std::make_shared<const std::string>(file))};
  } catch (const toml::parse_error& error) {
    Fault fault = fault_of(error, file);
    if (too_deep && !comes_before(fault, *too_deep)) fault = fault_of(*too_deep, file);
    return {.fault = std::move(fault)};
  }
}

}  // namespace entente::scenario
