#include "engine/scenario/document.hpp"

#include <algorithm>

#include "engine/scenario/suggestion.hpp"
#include "engine/scenario/toml_text.hpp"

namespace entente::scenario {
namespace {

struct SeenWriter {
  bool with_type;

  std::string typed(const char* type, const std::string& text) const {
    return with_type ? std::string("the ") + type + " " + text : text;
  }
  std::string operator()(bool flag) const { return typed("boolean", flag ? "true" : "false"); }
  std::string operator()(std::int64_t integer) const {
    return typed("integer", std::to_string(integer));
  }
  std::string operator()(double number) const { return typed("number", toml_float(number)); }
  std::string operator()(const std::string& text) const { return typed("text", quoted(text)); }
  std::string operator()(const DateText& date) const { return "the date " + date.text; }
  std::string operator()(const Node::Array& elements) const {
    if (elements.empty()) return "an empty array";
    if (elements.size() == 1) return "an array of 1 element";
    return "an array of " + std::to_string(elements.size()) + " elements";
  }
  std::string operator()(const Node::Table& members) const {
    return members.empty() ? "an empty table" : "a table";
  }
};

}  // namespace

const Node* member(const Node& table, std::string_view key) {
  const auto* members = std::get_if<Node::Table>(&table.content);
  if (members == nullptr) return nullptr;
  const auto found = std::find_if(members->begin(), members->end(),
                                  [&](const Member& each) { return each.key == key; });
  return found == members->end() ? nullptr : &found->value;
}

std::string seen_text(const Node& node) {
  return std::visit(SeenWriter{false}, node.content);
}

std::string seen_type_text(const Node& node) {
  return std::visit(SeenWriter{true}, node.content);
}

}  // namespace entente::scenario
