#pragma once

#include <vector>

#include "engine/scenario/field.hpp"

namespace entente::scenario {

/// `extends`, `title` and `description`: the keys above the first table of any file.
const std::vector<Field>& top_level_fields();

/// `id` and `enabled`: the keys every entry of an array of tables has besides its declared ones.
const std::vector<Field>& entry_fields();

}  // namespace entente::scenario
