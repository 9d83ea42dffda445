#include "engine/scenario/set_override.hpp"

#include <utility>

#include "engine/scenario/builtin_fields.hpp"
#include "engine/scenario/field_text.hpp"
#include "engine/scenario/suggestion.hpp"
#include "engine/scenario/text_check.hpp"

namespace entente::scenario {
namespace {

std::vector<std::string> split_at_dots(const std::string& path) {
  std::vector<std::string> parts(1);
  for (const char c : path) {
    if (c == '.') {
      parts.emplace_back();
    } else {
      parts.back() += c;
    }
  }
  return parts;
}

std::string trimmed(const std::string& text) {
  const std::size_t first = text.find_first_not_of(" \t");
  if (first == std::string::npos) return {};
  return text.substr(first, text.find_last_not_of(" \t") - first + 1);
}

/// A command line has no lines to point at.
void place_at_set(Node& node) {
  node.origin.line = 0;
  node.origin.column = 0;
  if (auto* elements = std::get_if<Node::Array>(&node.content)) {
    for (Node& each : *elements)
      place_at_set(each);
  } else if (auto* members = std::get_if<Node::Table>(&node.content)) {
    for (Member& each : *members) {
      each.key_origin.line = 0;
      each.key_origin.column = 0;
      place_at_set(each.value);
    }
  }
}

class Override {
 public:
  Override(const Schema& schema, Draft& draft, bool complete, ValueCheck& values)
      : schema_(schema), draft_(draft), complete_(complete), values_(values) {}

  void apply(const std::string& text) {
    if (const auto flaw = find_bad_byte(text)) {
      refuse("", flaw->message, "", flaw->seen, "");
      return;
    }
    const std::size_t equals = text.find('=');
    if (equals == std::string::npos) {
      refuse("", "an override without '='", "key.path=value", quoted(text), "");
      return;
    }
    path_ = trimmed(text.substr(0, equals));
    value_ = trimmed(text.substr(equals + 1));
    parts_ = split_at_dots(path_);
    const Table* table = find_table(schema_, parts_.front());
    if (table == nullptr) {
      set_top();
    } else if (table->kind == Table::Kind::single) {
      set_single(*table);
    } else {
      set_entry(*table);
    }
  }

 private:
  void set_top() {
    const Field* field = find_field(top_level_fields(), parts_.front());
    if (field == nullptr) {
      std::vector<std::string> known = parts_.size() == 1
                                           ? std::vector<std::string>{"title", "description"}
                                           : std::vector<std::string>{};
      for (const Table& table : schema_)
        known.push_back(table.name);
      refuse(path_, parts_.size() == 1 ? "unknown key" : "unknown table", "", "",
             suggestion(parts_.front(), known));
    } else if (field->key == "extends") {
      refuse(path_, "cannot be set", "", "", "write extends in a scenario file");
    } else if (parts_.size() > 1) {
      refuse(path_, "unknown key", "", "", "'" + field->key + "' is a text");
    } else {
      set_value(*field, field->key, draft_.top);
    }
  }

  void set_single(const Table& table) {
    if (parts_.size() == 1) {
      refuse(path_, "names a table, not a key", table.name + ".<key>", "",
             suggestion("", keys_of(table.fields)));
      return;
    }
    set_key(parts_[1], table.name, table.fields, 2, draft_.singles[table.name]);
  }

  void set_entry(const Table& table) {
    const std::string form = table.name + ".<id>.<key>";
    auto& entries = draft_.entries[table.name];
    std::vector<std::string> ids;
    for (const auto& [id, entry] : entries)
      ids.push_back(id);
    if (parts_.size() == 1) {
      refuse(path_, "names a table, not a key", form, "", suggestion("", ids));
      return;
    }
    const std::string& id = parts_[1];
    const auto found = entries.find(id);
    if (parts_.size() == 2) {
      const bool is_key = found == entries.end() && find_field(table.fields, id) != nullptr;
      refuse(path_, is_key ? "names no entry" : "names an entry, not a key", form, "",
             suggestion("", is_key ? ids : keys_of(table.fields)));
      return;
    }
    if (found == entries.end() && complete_) {
      refuse(path_, "no entry of that id", "the id of an entry of " + table.name, quoted(id),
             suggestion(id, ids));
    }
    DraftTable nowhere;
    const std::string& key = parts_[2];
    if (key == "id") {
      refuse(path_, "an id cannot be set", "", "", "");
      return;
    }
    const Field* builtin = find_field(entry_fields(), key);
    DraftTable& place = found == entries.end() ? nowhere : found->second;
    set_key(key, table.name + "." + id, builtin ? entry_fields() : table.fields, 3, place);
  }

  /// `used` counts the parts of the path up to the key.
  void set_key(const std::string& written, const std::string& table_path,
               const std::vector<Field>& fields, std::size_t used, DraftTable& place) {
    const std::string key = written.substr(0, written.find('['));
    const Field* field = find_field(fields, key);
    if (field == nullptr) {
      std::vector<std::string> known = keys_of(fields);
      if (used == 3) known.insert(known.begin(), "enabled");
      refuse(path_, "unknown key", "", "", suggestion(key, known));
    } else if (key != written || parts_.size() > used) {
      const bool is_figure = field->type == Type::figure;
      refuse(path_, "can only be set whole", expected_text(*field), "",
             table_path + "." + key +
                 (is_figure ? "=NUMBER sets it, without its source" : "=VALUE replaces it"));
    } else {
      set_value(*field, table_path + "." + key, place);
    }
  }

  void set_value(const Field& field, const std::string& key_path, DraftTable& place) {
    ParsedDocument parsed = parse_document("value = " + value_, "--set");
    Node node{.content = value_, .origin = {.file = std::make_shared<const std::string>("--set")}};
    // A line break in the value could smuggle in further keys: then it is a text.
    if (parsed.root && std::get<Node::Table>(parsed.root->content).size() == 1) {
      node = std::move(std::get<Node::Table>(parsed.root->content).front().value);
      place_at_set(node);
    } else if (!takes_text(field)) {
      const bool bracketed = value_.find_first_of("[{") == 0;
      refuse(key_path, bracketed && parsed.fault ? parsed.fault->message : "wrong type",
             expected_text(field), quoted(value_),
             bracketed ? "texts in it need quotes, and the whole its own for the shell: --set '" +
                             key_path + "=…'"
                       : "");
      return;
    }
    DraftSlot slot = values_.check(node, field, key_path);
    slot.location = {.file = "--set"};
    place.slots.insert_or_assign(field.key, std::move(slot));
  }

  static bool takes_text(const Field& field) {
    return field.type == Type::text || field.type == Type::quarter || field.type == Type::choice ||
           field.type == Type::reference;
  }

  void refuse(const std::string& key_path, std::string message, std::string expected,
              std::string seen, std::string hint) {
    report(values_.faults(), {.location = {.file = "--set"},
                              .message = std::move(message),
                              .key_path = key_path.size() > 200 ? shortened(key_path) : key_path,
                              .expected = std::move(expected),
                              .seen = std::move(seen),
                              .hint = std::move(hint)});
  }

  const Schema& schema_;
  Draft& draft_;
  bool complete_;
  ValueCheck& values_;
  std::string path_;
  std::string value_;
  std::vector<std::string> parts_;
};

}  // namespace

void apply_override(const std::string& override, const Schema& schema, Draft& draft, bool complete,
                    ValueCheck& values) {
  Override(schema, draft, complete, values).apply(override);
}

}  // namespace entente::scenario
