#pragma once

#include "engine/scenario/draft.hpp"

namespace entente::scenario {

/// Puts `over` on top of `base`: tables and entries of one id merge key by key, every value (arrays
/// and figures with their provenance among them) is replaced whole.
void merge(Draft& base, Draft over);

}  // namespace entente::scenario
