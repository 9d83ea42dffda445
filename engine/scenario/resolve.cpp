#include "engine/scenario/resolve.hpp"

#include <map>
#include <utility>

#include "engine/scenario/field_text.hpp"
#include "engine/scenario/suggestion.hpp"

namespace entente::scenario {
namespace {

bool is_enabled(const DraftTable& entry) {
  const auto slot = entry.slots.find("enabled");
  return slot == entry.slots.end() || !slot->second.value || std::get<bool>(*slot->second.value);
}

class Resolver {
 public:
  Resolver(Draft draft, const Schema& schema, const std::string& file, ValueCheck& values)
      : draft_(std::move(draft)), schema_(schema), values_(values) {
    scenario_.file = file;
  }

  Scenario resolve() {
    scenario_.title = top_text("title");
    scenario_.description = top_text("description");
    for (const Table& table : schema_) {
      if (table.kind == Table::Kind::single) {
        resolve_single(table);
      } else {
        resolve_entries(table);
      }
    }
    return std::move(scenario_);
  }

 private:
  std::string top_text(std::string_view key) const {
    const auto slot = draft_.top.slots.find(key);
    if (slot == draft_.top.slots.end() || !slot->second.value) return {};
    return std::get<std::string>(*slot->second.value);
  }

  void resolve_single(const Table& table) {
    DraftTable& draft = draft_.singles[table.name];
    if (draft.location.file.empty()) draft.location.file = scenario_.file;  // written nowhere
    fill(scenario_.singles[table.name], draft, table, table.name, {});
  }

  void resolve_entries(const Table& table) {
    std::vector<Entry>& entries = scenario_.entries[table.name];
    for (const auto& [id, draft] : draft_.entries[table.name]) {  // the map orders by id
      if (!is_enabled(draft)) {
        for (const auto& [key, slot] : draft.slots)
          check_references(slot.references, false);
        continue;
      }
      Entry entry;
      entry.id = id;
      fill(entry, draft, table, table.name + "." + id, id);
      entries.push_back(std::move(entry));
    }
  }

  void fill(Record& record, const DraftTable& draft, const Table& table, const std::string& path,
            const std::string& id) {
    record.path_ = path;
    record.location_ = draft.location;
    for (const Field& field : table.fields) {
      const auto given = draft.slots.find(field.key);
      if (given != draft.slots.end()) {
        check_references(given->second.references, true);
        if (!given->second.value) continue;
        const Value& value = *given->second.value;
        record.slots_.emplace(field.key, Record::Slot{value, given->second.location, false,
                                                      values_.is_default(value, field)});
      } else if (const DraftSlot* standard = values_.default_of(field)) {
        std::vector<ReferenceUse> uses = standard->references;
        for (ReferenceUse& use : uses) {
          use.location = draft.location;
          use.key_path = path + "." + use.key_path;
        }
        check_references(uses, true);
        record.slots_.emplace(field.key,
                              Record::Slot{*standard->value, draft.location, true, true});
      } else if (field.required && !draft.is_misshapen) {
        report(values_.faults(), {.location = draft.location,
                                  .message = "missing key",
                                  .key_path = path + "." + field.key,
                                  .expected = expected_text(field),
                                  .hint = inherited_hint(table, id, draft)});
      }
    }
  }

  /// An entry that lacks keys and is nearly called as one of another file was meant to change it.
  std::string inherited_hint(const Table& table, const std::string& id, const DraftTable& draft) {
    constexpr std::size_t most_compared = 5000;
    if (draft_.entries[table.name].size() > most_compared) return {};
    std::vector<std::string> inherited;
    for (const auto& [other, entry] : draft_.entries[table.name]) {
      if (other != id && entry.location.file != draft.location.file) inherited.push_back(other);
    }
    const std::string nearest = nearest_name(id, inherited);
    return nearest.empty() ? nearest : "did you mean the inherited entry '" + nearest + "'?";
  }

  /// An entry that is switched off may refer to others that are: they go together.
  void check_references(const std::vector<ReferenceUse>& uses, bool must_be_enabled) {
    for (const ReferenceUse& use : uses) {
      const auto [exists, enabled] = find_entry(use);
      if (enabled || (exists && !must_be_enabled)) continue;
      report(values_.faults(),
             {.location = use.location,
              .message = exists ? "refers to an entry that is disabled" : "no entry of that id",
              .key_path = use.key_path,
              .expected = expected_text(reference_to(*use.field)),
              .seen = quoted(use.id),
              .hint = exists ? "switch it on with enabled = true, or this one off"
                             : suggestion(use.id, enabled_ids(*use.field))});
    }
  }

  const std::vector<std::string>& enabled_ids(const Field& field) {
    const auto [known, is_new] = enabled_ids_.try_emplace(&field);
    if (is_new) {
      for (const std::string& table : field.refers_to) {
        for (const auto& [id, entry] : draft_.entries[table]) {
          if (is_enabled(entry)) known->second.push_back(id);
        }
      }
    }
    return known->second;
  }

  std::pair<bool, bool> find_entry(const ReferenceUse& use) {
    bool exists = false;
    bool enabled = false;
    for (const std::string& table : use.field->refers_to) {
      const auto& entries = draft_.entries[table];
      const auto found = entries.find(use.id);
      if (found == entries.end()) continue;
      exists = true;
      enabled = enabled || is_enabled(found->second);
    }
    return {exists, enabled};
  }

  /// The declaration of one element, for a field of one id or of many.
  static Field reference_to(const Field& field) {
    return {.key = field.key, .type = Type::reference, .refers_to = field.refers_to};
  }

  Draft draft_;
  std::map<const Field*, std::vector<std::string>> enabled_ids_;
  const Schema& schema_;
  ValueCheck& values_;
  Scenario scenario_;
};

}  // namespace

Scenario resolve(Draft draft, const Schema& schema, const std::string& file, ValueCheck& values) {
  return Resolver(std::move(draft), schema, file, values).resolve();
}

}  // namespace entente::scenario
