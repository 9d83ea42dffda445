#include "engine/scenario/builtin_fields.hpp"

namespace entente::scenario {

const std::vector<Field>& top_level_fields() {
  static const std::vector<Field> fields = {
      {.key = "extends",
       .type = Type::texts,
       .meaning =
           "Path of the scenario this one inherits from, relative to this file or to the "
           "shipped scenarios; state only what differs. An array inherits from several, later "
           "ones over earlier ones; a base they share counts once, first."},
      {.key = "title", .type = Type::text, .meaning = "Name of the scenario in reports."},
      {.key = "description", .type = Type::text, .meaning = "What the scenario asks and why."},
  };
  return fields;
}

const std::vector<Field>& entry_fields() {
  static const std::vector<Field> fields = {
      {.key = "id",
       .type = Type::text,
       .meaning = "Name of the entry, unique in its table: lower-case letters, digits and hyphens. "
                  "An inherited entry of the same id is changed key by key.",
       .required = true},
      {.key = "enabled",
       .type = Type::boolean,
       .meaning = "False leaves the entry out; its keys are still checked.",
       .default_value = "true"},
  };
  return fields;
}

}  // namespace entente::scenario
