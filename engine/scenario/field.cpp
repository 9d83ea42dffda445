#include "engine/scenario/field.hpp"

#include <algorithm>
#include <stdexcept>

namespace entente::scenario {

void extend(Schema& schema, const std::string& table, const std::vector<Field>& more) {
  const auto found = std::find_if(schema.begin(), schema.end(),
                                  [&](const Table& each) { return each.name == table; });
  if (found == schema.end()) {
    throw std::logic_error("no table '" + table + "' to add fields to");
  }
  for (const Field& field : more) {
    const bool taken = std::any_of(found->fields.begin(), found->fields.end(),
                                   [&](const Field& each) { return each.key == field.key; });
    if (taken) throw std::logic_error("two fields are called '" + table + "." + field.key + "'");
    found->fields.push_back(field);
  }
}

}  // namespace entente::scenario
