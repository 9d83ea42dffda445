#pragma once

#include <cstdint>

#include "engine/population/agent_kernel.hpp"

namespace entente::population {

/// Choices by taste shocks: each decider takes what is best by
///   V_j/λ + e_j of products,   e_0 − d of the outside good,
/// e of the type I extreme value distribution (McFadden 1974), keyed by the stream of each product
/// and of the outside good (`alternatives.shock_stream`), the decider's number and the quarter; d
/// likewise, which parts the nest from the outside good. A decider so chooses otherwise at other
/// utilities only where they make it, and what is not on offer disturbs no other shock.
///
/// Given d this is plain logit with an outside good of utility −d. e^d is the ratio of two
/// independent positive λ-stable variables (Lamperti 1958): for exponential E the ratio E/S to such
/// a variable is exponential to the power 1/λ, and so P(inside) = P(E/S < D E'/S') = D^λ/(1 + D^λ)
/// with D = Σ e^(V_j/λ) as in nested logit; a conditional draw in the sense of Cardell (1997).
///
/// key: seed, replication and quarter; its stream is not read. deciders.word: their numbers.
/// scratch and choice as in `choose_products`.
void choose_by_shocks(const DrawKey& key, const Alternatives& alternatives,
                      const Deciders& deciders, float* scratch, std::uint16_t* choice);

}  // namespace entente::population
