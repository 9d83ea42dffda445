#pragma once

#include <vector>

#include "engine/market/inversion/figure_map.hpp"
#include "engine/market/inversion/least_squares.hpp"

namespace entente::market {

/// Relative residuals below this are rounding.
inline constexpr double exact_residual = 1e-12;

/// The unknowns at which figures are met, or fit best: least squares of √weight (fitted/observed −
/// 1) from several starts. `point` of the result is in the coordinates of the map. Throws
/// Unidentified where figures leave an unknown open at every start or at the result, or where two
/// results meet all figures; and the first failure where no start leads anywhere. A result at a
/// bound, or that misses the figures, is for the caller to judge.
LeastSquaresFit find_unknowns(const FigureMap& map, const std::vector<Figure>& figures);

/// fitted/observed − 1, K, without weights.
Eigen::VectorXd compute_relative_residuals(const Eigen::VectorXd& fitted,
                                           const std::vector<Figure>& figures);

}  // namespace entente::market
