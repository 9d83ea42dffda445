#pragma once

#include <Eigen/Core>

#include "engine/simulation/markets/posted_market.hpp"

namespace entente::simulation {

/// Holds the prices of sellers who do not price by `bertrand` where their rule puts them, and
/// leaves their capacity to rationing: the others then answer those prices. best_reply: J, the
/// Bertrand prices of all, at which the rules look.
///   adaptive  p = p' + price_adjustment (p* − p')           p' last quarter's, p* the best reply
///   markup    p = min((1 + μ) c, p*)              (Dosi, Fagiolo & Roventini 2010; bound: p*)
/// Where the bound binds, quarter.markup_bound_hits counts it. Returns whether a price was held.
bool hold_rule_prices(const World& world, Quarter& quarter, Index market,
                      const Eigen::Ref<const Eigen::VectorXd>& best_reply, PostedMarket& posted);

/// Prices that sellers by `share_markup` set, J, currency per unit, NaN of the others, from what
/// they saw last quarter: no best reply, so nothing of this quarter's demand. S is the part of last
/// quarter's active buyers who chose the seller's products (an nth of them for each of n fringe
/// firms), c the marginal cost over what it gets of a unit of price, α or η the mean over
/// consumers.
///   share_markup  p = p' + price_adjustment (t − p')
///                 t = c + 1/(αR), log: t = c ηR/(ηR − 1),  R = (1 − S/I)/λ + S/I − S
/// I being the part who bought anything; R = 1 − S in plain logit. t is the Bertrand price at those
/// shares, were all consumers alike (Anderson, de Palma & Thisse 1992). They keep their price in
/// quarter 0, and where demand is too inelastic for such a markup.
Eigen::VectorXd share_markup_prices(const World& world, const Quarter& quarter, Index market);

/// Who chose what this quarter, for next quarter's markups.
void remember_choices(const World& world, const Quarter& quarter, World& next);

/// Markups of the observed quarter 0. Its marginal costs must be there.
void start_markups(const Quarter& quarter, World& world);

/// μ' = μ (1 + υ Δs/s) with the unit shares s of the last two quarters in which the product sold.
void revise_markups(const World& world, const Quarter& quarter, World& next);

}  // namespace entente::simulation
