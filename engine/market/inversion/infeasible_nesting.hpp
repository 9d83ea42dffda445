#pragma once

#include <vector>

#include "engine/market/inversion/figure_map.hpp"
#include "engine/market/inversion/market_inversion.hpp"

namespace entente::market {

/// Throws Infeasible for figures that ask for a λ above 1. Where there are as many figures as
/// unknowns the message states how far each figure, or the outside share, would have to move: its
/// value at λ = 1 with all else as observed.
[[noreturn]] void throw_infeasible_nesting(const FigureMap& map, const Unknown& nesting,
                                           const std::vector<FittedFigure>& fits);

}  // namespace entente::market
