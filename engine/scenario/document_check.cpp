#include "engine/scenario/document_check.hpp"

#include <algorithm>
#include <fmt/core.h>

#include "engine/scenario/builtin_fields.hpp"
#include "engine/scenario/field_text.hpp"
#include "engine/scenario/suggestion.hpp"

namespace entente::scenario {
namespace {

using EntryMap = std::map<std::string, DraftTable, std::less<>>;

class DocumentCheck {
 public:
  DocumentCheck(const Schema& schema, ValueCheck& values) : schema_(schema), values_(values) {}

  Draft check(const Node& root) {
    Draft draft;
    draft.top.location = root.origin.location();
    for (const Member& each : std::get<Node::Table>(root.content)) {
      if (const Field* field = find_field(top_level_fields(), each.key)) {
        draft.top.slots.emplace(each.key, values_.check(each.value, *field, each.key));
      } else if (const Table* table = find_table(schema_, each.key)) {
        if (table->kind == Table::Kind::single) {
          check_single(each, *table, draft.singles[table->name]);
        } else {
          check_entries(each, *table, draft.entries[table->name]);
        }
      } else {
        refuse_unknown(each);
      }
    }
    return draft;
  }

 private:
  void check_single(const Member& given, const Table& table, DraftTable& draft) {
    const std::string right_form = "[" + table.name + "]";
    if (std::holds_alternative<Node::Table>(given.value.content)) {
      check_keys(given.value, table.fields, {}, table.name, draft);
      return;
    }
    const auto* elements = std::get_if<Node::Array>(&given.value.content);
    const bool double_brackets = elements != nullptr && !elements->empty() &&
                                 std::holds_alternative<Node::Table>(elements->front().content);
    refuse(place_of(given), "'" + table.name + "' is one table, not a list", table.name,
           "one table " + right_form, seen_type_text(given.value),
           double_brackets ? "write " + right_form + " once instead of [" + right_form + "]" : "");
    draft.is_misshapen = !double_brackets;
    if (double_brackets) {
      check_keys(elements->front(), table.fields, {}, table.name, draft);
    }
  }

  void check_entries(const Member& given, const Table& table, EntryMap& draft) {
    if (const auto* elements = std::get_if<Node::Array>(&given.value.content)) {
      for (std::size_t i = 0; i < elements->size(); ++i) {
        check_entry((*elements)[i], table, i, draft);
      }
      return;
    }
    const auto* members = std::get_if<Node::Table>(&given.value.content);
    // [partnership.x] is the slip of a reader of key paths; its keys are still checked.
    const bool named = members != nullptr && !members->empty() &&
                       std::all_of(members->begin(), members->end(), [](const Member& each) {
                         return std::holds_alternative<Node::Table>(each.value.content);
                       });
    refuse(place_of(given), "'" + table.name + "' is a list of entries, not one table", table.name,
           "entries [[" + table.name + "]] with an id each", seen_type_text(given.value),
           named ? "write [[" + table.name + "]] and id = \"" + shortened(members->front().key) +
                       "\" instead of [" + table.name + "." + shortened(members->front().key) + "]"
                 : "write [[" + table.name + "]]");
    if (named) {
      for (const Member& each : *members) {
        const std::string path = table.name + "." + shortened(each.key);
        check_keys(each.value, table.fields, entry_fields(), path, draft[each.key]);
      }
    } else if (members != nullptr) {
      check_entry(given.value, table, 0, draft);
    }
  }

  void check_entry(const Node& node, const Table& table, std::size_t index, EntryMap& draft) {
    const std::string numbered = fmt::format("{}[{}]", table.name, index);
    if (!std::holds_alternative<Node::Table>(node.content)) {
      refuse(node.origin.location(), "wrong type", numbered, "a table with an id",
             seen_type_text(node), "");
      return;
    }
    const Node* id_node = member(node, "id");
    const auto* id = id_node ? std::get_if<std::string>(&id_node->content) : nullptr;
    DraftTable nameless;
    DraftTable* place = &nameless;  // checked all the same, then forgotten
    std::string path = numbered;
    const std::string id_form = "lower-case letters, digits and hyphens, as in \"alpha-2\"";
    if (id_node == nullptr) {
      refuse(node.origin.location(), "an entry without an id", numbered + ".id", id_form, "", "");
    } else if (id == nullptr) {
      refuse(id_node->origin.location(), "wrong type", numbered + ".id", id_form,
             seen_type_text(*id_node), "");
    } else {
      if (is_id(*id)) {
        path = table.name + "." + shortened(*id);
      } else {
        refuse(id_node->origin.location(), "not a valid id", numbered + ".id", id_form,
               seen_text(*id_node), "");
      }
      // Even an invalid id is kept: what refers to it is not at fault as well.
      const auto [entry, is_new] = draft.try_emplace(*id);
      if (is_new) {
        place = &entry->second;
      } else {
        refuse(id_node->origin.location(), "the id is taken", path + ".id", "an id once in a file",
               seen_text(*id_node),
               fmt::format("the first is the entry at line {}", entry->second.location.line));
      }
    }
    check_keys(node, table.fields, entry_fields(), path, *place);
  }

  void check_keys(const Node& node, const std::vector<Field>& fields,
                  const std::vector<Field>& more_fields, const std::string& path,
                  DraftTable& draft) {
    draft.location = node.origin.location();
    for (const Member& each : std::get<Node::Table>(node.content)) {
      const Field* field = find_field(more_fields, each.key);
      if (field != nullptr && field->key == "id") continue;
      if (field == nullptr) field = find_field(fields, each.key);
      if (field != nullptr) {
        draft.slots.insert_or_assign(each.key,
                                     values_.check(each.value, *field, path + "." + each.key));
        continue;
      }
      std::vector<std::string> known = keys_of(more_fields);
      for (const std::string& key : keys_of(fields))
        known.push_back(key);
      values_.refuse_unknown_key(each, path, known);
    }
  }

  void refuse_unknown(const Member& unknown) {
    const bool is_table = !std::holds_alternative<std::string>(unknown.value.content) &&
                          (std::holds_alternative<Node::Table>(unknown.value.content) ||
                           std::holds_alternative<Node::Array>(unknown.value.content));
    std::vector<std::string> known;
    if (!is_table) known = keys_of(top_level_fields());
    for (const Table& table : schema_)
      known.push_back(table.name);
    refuse(unknown.key_origin.location(), is_table ? "unknown table" : "unknown key",
           shortened(unknown.key), "", "", suggestion(unknown.key, known));
  }

  /// The key when it is written out, else the header of the table.
  static Location place_of(const Member& given) {
    return given.key_origin.line > 0 ? given.key_origin.location() : given.value.origin.location();
  }

  void refuse(Location location, std::string message, std::string key_path, std::string expected,
              std::string seen, std::string hint) {
    report(values_.faults(), {.location = std::move(location),
                              .message = std::move(message),
                              .key_path = std::move(key_path),
                              .expected = std::move(expected),
                              .seen = std::move(seen),
                              .hint = std::move(hint)});
  }

  const Schema& schema_;
  ValueCheck& values_;
};

}  // namespace

bool is_id(std::string_view id) {
  const auto is_alphanumeric = [](char c) {
    return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9');
  };
  return !id.empty() && is_alphanumeric(id.front()) &&
         std::all_of(id.begin(), id.end(), [&](char c) { return c == '-' || is_alphanumeric(c); });
}

Draft check_document(const Node& root, const Schema& schema, ValueCheck& values) {
  return DocumentCheck(schema, values).check(root);
}

}  // namespace entente::scenario
