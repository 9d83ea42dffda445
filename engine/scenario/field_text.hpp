#pragma once

#include <string>
#include <vector>

#include "engine/scenario/field.hpp"

namespace entente::scenario {

/// "figure", "array of tables": the type as the key reference names it.
std::string type_name(const Field& field);

/// "from 0 to 1", "above 0", "at least 1 and below 4"; empty when there is no bound.
std::string bounds_text(const Field& field);

/// What a value must be: "a number from 0 to 1 (fraction)", "one of \"a\", \"b\"".
std::string expected_text(const Field& field);

/// The text with a full stop, where it has no ending of its own.
std::string sentence(const std::string& text);

/// When a figure is drawn, where that is not by its mark: a sentence, else empty.
std::string drawn_text(const Field& field);

std::vector<std::string> keys_of(const std::vector<Field>& fields);
const Field* find_field(const std::vector<Field>& fields, const std::string& key);
const Table* find_table(const Schema& schema, const std::string& name);

}  // namespace entente::scenario
