#pragma once

#include <Eigen/Core>
#include <vector>

namespace entente::simulation {

/// Types that stand for consumers whose tastes differ in 1 + K independent directions: a lognormal
/// spread of price sensitivity and K normal weights of characteristics.
struct TasteTypes {
  Eigen::VectorXd weight;      // T, sums to 1
  Eigen::VectorXd multiplier;  // T, of the mean sensitivity; weighted mean 1
  Eigen::MatrixXd node;        // T×(1+K), standard normal, price sensitivity first
  // The stratum of consumers that a type stands for: as many as it weighs, side by side.
  Eigen::MatrixXd below;    // T×(1+K), probability of a lower taste than theirs
  Eigen::MatrixXd above;    // T×(1+K), of a higher one
  double normaliser = 1.0;  // mean of exp(spread·node of price sensitivity)
};

/// Gauss-Hermite nodes (Golub & Welsch 1969) of ln sensitivity ~ N(0, spread²) and of each
/// characteristic's weight, in all combinations: T = price_nodes·Π taste_nodes, the last
/// characteristic fastest.
TasteTypes make_taste_types(int price_nodes, double spread,
                            const std::vector<int>& taste_nodes = {});

}  // namespace entente::simulation
