#pragma once

#include <Eigen/Core>

namespace entente::simulation {

/// Types that stand for a lognormal spread of price sensitivity.
struct TasteTypes {
  Eigen::VectorXd weight;      // T, sums to 1
  Eigen::VectorXd multiplier;  // T, of the mean sensitivity; weighted mean 1
};

/// Gauss-Hermite nodes of ln sensitivity ~ N(0, spread²) (Golub & Welsch 1969).
TasteTypes make_taste_types(int count, double spread);

}  // namespace entente::simulation
