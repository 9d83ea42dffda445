#pragma once

#include "engine/market/demand.hpp"

namespace entente::market {

/// Whether all offered products are equally close substitutes to every buyer: one cell, and no nest
/// with λ < 1 that holds more than one offered product (a single product's λ is without effect).
bool is_plain_logit(const Demand& demand);

/// Throws InvalidInput, naming the game, where demand has several cells or a log price term: the
/// games that share a buyer's gain in money are solved for buyers of one kind whose utility is
/// linear in money.
void require_one_linear_cell(const Demand& demand, const char* game);

}  // namespace entente::market
