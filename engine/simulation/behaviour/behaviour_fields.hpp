#pragma once

#include <vector>

#include "engine/scenario/field.hpp"
#include "engine/scenario/scenario.hpp"
#include "engine/simulation/state/behaviour.hpp"

namespace entente::simulation {

/// Keys of [[firm]] that choose its rules and their numbers.
std::vector<scenario::Field> behaviour_firm_fields();

/// Keys of [[product]] that the rules use.
std::vector<scenario::Field> behaviour_product_fields();

/// The rules of one [[firm]].
Behaviour read_behaviour(const scenario::Entry& firm);

}  // namespace entente::simulation
