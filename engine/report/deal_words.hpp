#pragma once

#include <string>

#include "engine/scenario/scenario.hpp"

namespace entente::report {

/// What a partnership is and does, in words, a line for its terms and one for each effect. Reads
/// the keys that are there and leaves out the rest.
std::string deal_words(const scenario::Entry& partnership);

/// The same of a dated event.
std::string event_words(const scenario::Entry& event);

/// A resolved value as one would write it in a scenario.
std::string value_text(const scenario::Value& value);

}  // namespace entente::report
