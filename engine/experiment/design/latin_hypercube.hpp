#pragma once

#include <Eigen/Core>
#include <cstdint>

namespace entente::experiment {

// Latin hypercube designs (McKay, Beckman & Conover 1979): n points in [0, 1)^d, one a row, whose
// column j has one value in each of the cells [k/n, (k+1)/n): floor(n·x) is a permutation of
// 0, …, n−1. Designs are pure functions of their arguments, with draws keyed by (seed, column, n).

enum class DesignCriterion {
  plain,   // cells paired at random, a uniform place in each
  maximin  // the points kept apart
};

/// n×d. A maximin design has its points in the middle of their cells, and pairs cells so that
/// φ = Σ 1/distance^20 over pairs of points is small (Morris & Mitchell 1995), by exchanges within
/// a column that lower it. Throws std::invalid_argument unless n and d are above 0.
Eigen::MatrixXd latin_hypercube(Eigen::Index points, Eigen::Index dimensions,
                                DesignCriterion criterion, std::uint32_t seed);

/// 2n×d: the design, then as many points more, in the cells of width 1/2n that it leaves empty, so
/// that the whole is Latin again (Sallaberry, Helton & Hora 2008). By maximin exchanges are among
/// the new points. Throws std::invalid_argument if the design is not Latin.
Eigen::MatrixXd extend_latin_hypercube(const Eigen::Ref<const Eigen::MatrixXd>& design,
                                       DesignCriterion criterion, std::uint32_t seed);

/// The value at `place`, from 0 to 1, in one of n cells: floor(n·value) is the cell, which rounding
/// alone would leave at its ends.
double value_in_cell(double cell, double place, Eigen::Index cells);

/// Whether floor(n·x) of every column is a permutation of 0, …, n−1.
bool is_latin(const Eigen::Ref<const Eigen::MatrixXd>& design);

}  // namespace entente::experiment
