#pragma once

#include <Eigen/Core>
#include <vector>

#include "engine/market/failure.hpp"
#include "engine/market/inversion/figure_map.hpp"

namespace entente::market {

/// Figures that leave some parameter open. The message names the parameters, and the figures of
/// which one more would pin them.
class Unidentified : public MarketFailure {
 public:
  using MarketFailure::MarketFailure;
};

/// Directions in which the unknowns can move, to first order, without moving any figure: N×D,
/// orthonormal columns, none where the figures identify the market at `point`. From the singular
/// values of the slope of log figures: those below 1e-8 of the largest count as 0.
Eigen::MatrixXd compute_open_directions(const FigureMap& map, const Eigen::VectorXd& point,
                                        const std::vector<Figure>& figures);

/// Throws Unidentified about such directions (at least one). The figures it suggests are those
/// whose slope along them at `point` is not 0.
[[noreturn]] void throw_unidentified(const FigureMap& map, const Eigen::VectorXd& point,
                                     const std::vector<Figure>& figures,
                                     const Eigen::MatrixXd& open_directions);

}  // namespace entente::market
