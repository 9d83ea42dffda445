#pragma once

#include <string>

#include "engine/scenario/draft.hpp"
#include "engine/scenario/scenario.hpp"
#include "engine/scenario/value_check.hpp"

namespace entente::scenario {

/// Makes the scenario of what the files and --set give: defaults, enabled entries ordered by id.
/// Reports missing keys and ids that name nothing; the scenario counts only when there is no fault.
Scenario resolve(Draft draft, const Schema& schema, const std::string& file, ValueCheck& values);

}  // namespace entente::scenario
