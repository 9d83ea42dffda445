#pragma once

#include <Eigen/Core>

namespace entente::simulation {

/// What an effect or a shock acts on: one product, a market with all it sells, an account, or
/// a shared resource.
struct Scope {
  Eigen::Index product = -1;
  Eigen::Index market = -1;
  Eigen::Index account = -1;
  Eigen::Index resource = -1;
};

}  // namespace entente::simulation
