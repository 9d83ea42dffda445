#pragma once

#include <string>
#include <vector>

#include "engine/scenario/diagnostic.hpp"

namespace entente::scenario {

/// "did you mean 'price'? known: id, price, quality", as much of it as there is to say.
std::string suggestion(const std::string& word, const std::vector<std::string>& candidates);

/// The text in double quotes, cut when it is long: what a fault shows of a value.
std::string quoted(const std::string& text);

/// A key or id as a key path shows it, cut when it is long.
std::string shortened(const std::string& text);

/// Adds a fault unless there are too many to be read: a hostile file may hold millions, which the
/// last one added then says.
void report(Faults& faults, Fault fault);

}  // namespace entente::scenario
