#pragma once

#include <string>
#include <string_view>

#include "engine/scenario/document.hpp"
#include "engine/scenario/draft.hpp"
#include "engine/scenario/value_check.hpp"

namespace entente::scenario {

/// Checks one file against the schema, key by key, and gives what it states.
Draft check_document(const Node& root, const Schema& schema, ValueCheck& values);

/// Whether `id` is of the form [a-z0-9][a-z0-9-]*.
bool is_id(std::string_view id);

}  // namespace entente::scenario
