#pragma once

#include "engine/simulation/state/quarter.hpp"

namespace entente::simulation {

/// Units of each product that a row of the flow of purchases (a cell of buyers) may call on before
/// the others, × J, quantity units.
using Priority = Eigen::MatrixXd;

/// Priority from capacity that partnerships reserve in this market itself.
Priority reserved_priority(const World& world, const Quarter& quarter, Index market);

/// Fits one market's purchases to what can be delivered: priority first, the rest pro rata; the
/// unserved choose again among what is left until nobody moves. limit: J, quantity units. Rounds
/// are numbered from `first_round`, so that each has its own lottery. Returns the next free round.
std::uint32_t ration(World& world, Quarter& quarter, Index market,
                     const Eigen::Ref<const Eigen::VectorXd>& limit, const Priority& priority,
                     const population::Draws& draws, std::uint32_t first_round);

}  // namespace entente::simulation
