#pragma once

#include <string>

#include "engine/scenario/draft.hpp"
#include "engine/scenario/value_check.hpp"

namespace entente::scenario {

/// Applies one `key.path=value` to the merged files. The value is read as TOML, else taken as a
/// text; faults are placed at `--set`. With `complete` false an id that no readable file has is let
/// pass: the file that has it may be the one that could not be read.
void apply_override(const std::string& override, const Schema& schema, Draft& draft, bool complete,
                    ValueCheck& values);

}  // namespace entente::scenario
