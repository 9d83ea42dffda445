#pragma once

#include <Eigen/Core>

#include "engine/population/population.hpp"

namespace entente::simulation {

/// Where consumers of each type end up when they go on choosing by `probability` ((J+1)×C, cells by
/// product held), as a distribution over held products, T×(J+1), rows sum to 1.
Eigen::MatrixXd stationary_holding(const population::Cells& cells,
                                   const Eigen::Ref<const Eigen::ArrayXXd>& probability,
                                   const population::Activity& activity,
                                   population::WithoutPurchase rule);

/// Rakes types' holdings (T×(J+1)) to given type weights and an observed base by iterative
/// proportional fitting (Deming & Stephan 1940): who holds what stays tied to tastes. Returns
/// cells.
Eigen::VectorXd rake_holding(const population::Cells& cells, Eigen::MatrixXd holding,
                             const Eigen::Ref<const Eigen::VectorXd>& type_weight,
                             const Eigen::Ref<const Eigen::VectorXd>& base);

}  // namespace entente::simulation
