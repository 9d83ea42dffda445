#pragma once

#include <string>
#include <vector>

#include "engine/scenario/field.hpp"

namespace entente::scenario {

/// JSON Schema (draft 2020-12) of one scenario file: types, bounds, choices, descriptions; unknown
/// keys are refused and only `id` is required. Deterministic text, two-space indent.
std::string to_json_schema(const Schema& schema);

/// The key reference as Markdown: one section a table, one row a key.
std::string to_key_reference(const Schema& schema);

/// What `explain KEY.PATH` prints of a declared key, found as `table.key`, `table.<id>.key` or a
/// records field `table.<id>.key.field`; empty when there is none.
std::string explain_key(const Schema& schema, const std::string& key_path);

/// All key paths of the schema, `table.key`, for nearest-name hints.
std::vector<std::string> key_paths(const Schema& schema);

}  // namespace entente::scenario
