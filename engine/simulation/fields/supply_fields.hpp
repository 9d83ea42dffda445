#pragma once

#include "engine/scenario/field.hpp"

namespace entente::simulation {

/// [[generation]]: vintages of a market's goods.
scenario::Table generation_table();

/// [[resource]]: what several products of a market share while they are made.
scenario::Table resource_table();

/// [[input]]: goods that go into others.
scenario::Table input_table();

/// [[link]]: supply contracts.
scenario::Table link_table();

}  // namespace entente::simulation
