// The part of ValueCheck that walks arrays: references and records.
#include <algorithm>
#include <fmt/core.h>
#include <unordered_set>

#include "engine/scenario/field_text.hpp"
#include "engine/scenario/suggestion.hpp"
#include "engine/scenario/value_check.hpp"

namespace entente::scenario {
namespace {

// No list of a scenario is longer; a hostile file could hold millions.
constexpr std::size_t longest_array = 10'000;

}  // namespace

std::optional<std::vector<std::string>> ValueCheck::texts(const Node& node, const Field& field,
                                                          const std::string& key_path) {
  const auto* elements = std::get_if<Node::Array>(&node.content);
  if (elements == nullptr) {
    auto one = text(node, field, key_path);
    return one ? std::optional(std::vector<std::string>{std::move(*one)}) : std::nullopt;
  }
  const Field element{.key = field.key, .type = Type::text};
  std::vector<std::string> all;
  bool right = true;
  for (std::size_t i = 0; i < elements->size() && i < longest_array; ++i) {
    auto each = text((*elements)[i], element, fmt::format("{}[{}]", key_path, i));
    right = right && each.has_value();
    if (each) all.push_back(std::move(*each));
  }
  return right ? std::optional(std::move(all)) : std::nullopt;
}

std::optional<std::vector<std::string>> ValueCheck::references(const Node& node, const Field& field,
                                                               const std::string& key_path,
                                                               DraftSlot& slot) {
  const auto* elements = std::get_if<Node::Array>(&node.content);
  if (elements == nullptr) {
    refuse_type(
        node, field, key_path,
        std::holds_alternative<std::string>(node.content) ? "write [" + seen_text(node) + "]" : "");
    return std::nullopt;
  }
  if (elements->size() > longest_array) {
    refuse(node, key_path, "too many elements", fmt::format("at most {}", longest_array),
           seen_text(node));
    return std::nullopt;
  }
  const Field element{.key = field.key, .type = Type::reference, .refers_to = field.refers_to};
  std::vector<std::string> ids;
  std::unordered_set<std::string> listed;
  bool right = true;
  for (std::size_t i = 0; i < elements->size(); ++i) {
    const Node& each = (*elements)[i];
    const std::string path = fmt::format("{}[{}]", key_path, i);
    auto id = text(each, element, path);
    if (!id) {
      right = false;
    } else if (!listed.insert(*id).second) {
      refuse(each, path, "listed twice", "", quoted(*id));
      right = false;
    } else {
      slot.references.push_back({*id, each.origin.location(), path, &field});
      ids.push_back(std::move(*id));
    }
  }
  return right ? std::optional(std::move(ids)) : std::nullopt;
}

std::optional<std::vector<Record>> ValueCheck::records(const Node& node, const Field& field,
                                                       const std::string& key_path,
                                                       DraftSlot& slot) {
  const auto* elements = std::get_if<Node::Array>(&node.content);
  if (elements == nullptr) {
    refuse_type(node, field, key_path,
                std::holds_alternative<Node::Table>(node.content) ? "write it as [ { … } ]" : "");
    return std::nullopt;
  }
  if (elements->size() > longest_array) {
    refuse(node, key_path, "too many elements", fmt::format("at most {}", longest_array),
           seen_text(node));
    return std::nullopt;
  }
  std::vector<Record> records;
  bool right = true;
  for (std::size_t i = 0; i < elements->size(); ++i) {
    auto each = record((*elements)[i], field, fmt::format("{}[{}]", key_path, i), slot);
    if (each) {
      records.push_back(std::move(*each));
    } else {
      right = false;
    }
  }
  return right ? std::optional(std::move(records)) : std::nullopt;
}

std::optional<Record> ValueCheck::record(const Node& node, const Field& field,
                                         const std::string& key_path, DraftSlot& slot) {
  const auto* members = std::get_if<Node::Table>(&node.content);
  if (members == nullptr) {
    refuse(node, key_path, "wrong type", "a table such as { … }", seen_type_text(node));
    return std::nullopt;
  }
  Record record;
  record.path_ = key_path;
  record.location_ = node.origin.location();
  bool right = true;
  for (const Member& each : *members) {
    const Field* declared = find_field(field.fields, each.key);
    if (declared == nullptr) {
      refuse_unknown_key(each, key_path, keys_of(field.fields));
      right = false;
      continue;
    }
    DraftSlot checked = check(each.value, *declared, key_path + "." + each.key);
    std::move(checked.references.begin(), checked.references.end(),
              std::back_inserter(slot.references));
    if (checked.value) {
      const bool standard = is_default(*checked.value, *declared);
      record.slots_.emplace(
          each.key, Record::Slot{std::move(*checked.value), checked.location, false, standard});
    } else {
      right = false;
    }
  }
  // A record is replaced whole when files merge, so what it lacks no other file can give.
  for (const Field& declared : field.fields) {
    if (member(node, declared.key) != nullptr) continue;
    if (const DraftSlot* standard = default_of(declared)) {
      record.slots_.emplace(declared.key,
                            Record::Slot{*standard->value, record.location_, true, true});
    } else if (declared.required) {
      refuse(node, key_path + "." + declared.key, "missing key", expected_text(declared), "");
      right = false;
    }
  }
  return right ? std::optional(std::move(record)) : std::nullopt;
}

}  // namespace entente::scenario
