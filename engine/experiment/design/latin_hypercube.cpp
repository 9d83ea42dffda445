#include "engine/experiment/design/latin_hypercube.hpp"

#include <algorithm>
#include <cmath>
#include <limits>
#include <stdexcept>
#include <utility>
#include <vector>

#include "engine/population/random_stream.hpp"

namespace entente::experiment {

namespace {

using Eigen::Index;
using population::KeyedGenerator;

double cell_of(double value, Index cells) {
  return std::floor(static_cast<double>(cells) * value);
}

/// The draws of a column; a design and its extensions have other numbers of points.
KeyedGenerator column_draws(std::uint32_t seed, const char* purpose, Index column, Index points) {
  const auto stream = population::substream(population::stream_name("design", purpose),
                                            static_cast<std::uint64_t>(column));
  return {population::Draws{seed, 0}, stream, static_cast<std::uint32_t>(points)};
}

Index draw_below(KeyedGenerator& draws, Index bound) {
  const double drawn = draws.uniform() * static_cast<double>(bound);
  return std::min(static_cast<Index>(drawn), bound - 1);
}

/// Fills the rows from `first` on with one value in each cell of a column that has none.
void fill_empty_cells(Eigen::MatrixXd& design, Index first, DesignCriterion criterion,
                      std::uint32_t seed) {
  const Index points = design.rows();
  for (Index column = 0; column < design.cols(); ++column) {
    std::vector<bool> taken(static_cast<std::size_t>(points), false);
    for (Index row = 0; row < first; ++row)
      taken[static_cast<std::size_t>(cell_of(design(row, column), points))] = true;
    auto draws = column_draws(seed, "cells", column, points);
    Index row = first;
    for (Index cell = 0; cell < points; ++cell) {
      if (taken[static_cast<std::size_t>(cell)]) continue;
      const double place = criterion == DesignCriterion::plain ? draws.uniform() : 0.5;
      design(row++, column) = value_in_cell(static_cast<double>(cell), place, points);
    }
    for (Index last = points - 1; last > first; --last)  // Fisher & Yates
      std::swap(design(last, column), design(first + draw_below(draws, last - first + 1), column));
  }
}

/// A row's part of φ. Sums run in one order, whatever the width of vectors.
double closeness(const Eigen::MatrixXd& design, Index row, Eigen::ArrayXd& squares) {
  squares.setZero(design.rows());
  for (Index column = 0; column < design.cols(); ++column)
    squares += (design.col(column).array() - design(row, column)).square();
  squares[row] = std::numeric_limits<double>::infinity();
  double sum = 0.0;
  for (const double square : squares) {
    const double fifth = square * square * square * square * square;
    sum += 1.0 / (fifth * fifth);
  }
  return sum;
}

/// Exchanges values of the rows from `first` on within columns, wherever that lowers φ.
void part_points(Eigen::MatrixXd& design, Index first, std::uint32_t seed) {
  constexpr double most_work = 5e7;     // differences of coordinates, in all trials
  constexpr double trials_a_cell = 50;  // of the points that may move
  const Index free = design.rows() - first;
  if (free < 2 || design.cols() < 2) return;
  const auto coordinates = static_cast<double>(design.size());
  const double wanted = trials_a_cell * static_cast<double>(free * design.cols());
  const auto trials = static_cast<Index>(std::min(wanted, most_work / (4.0 * coordinates)));
  auto draws = column_draws(seed, "exchanges", 0, design.rows());
  Eigen::ArrayXd squares;
  for (Index trial = 0; trial < trials; ++trial) {
    const Index column = draw_below(draws, design.cols());
    const Index one = first + draw_below(draws, free);
    const Index other = first + draw_below(draws, free);
    if (one == other) continue;
    const double before = closeness(design, one, squares) + closeness(design, other, squares);
    std::swap(design(one, column), design(other, column));
    const double after = closeness(design, one, squares) + closeness(design, other, squares);
    if (!(after < before)) std::swap(design(one, column), design(other, column));
  }
}

Eigen::MatrixXd complete(Eigen::MatrixXd design, Index first, DesignCriterion criterion,
                         std::uint32_t seed) {
  fill_empty_cells(design, first, criterion, seed);
  if (criterion == DesignCriterion::maximin) part_points(design, first, seed);
  return design;
}

}  // namespace

Eigen::MatrixXd latin_hypercube(Index points, Index dimensions, DesignCriterion criterion,
                                std::uint32_t seed) {
  if (points < 1 || dimensions < 1)
    throw std::invalid_argument("a design has at least one point and one dimension");
  return complete(Eigen::MatrixXd(points, dimensions), 0, criterion, seed);
}

Eigen::MatrixXd extend_latin_hypercube(const Eigen::Ref<const Eigen::MatrixXd>& design,
                                       DesignCriterion criterion, std::uint32_t seed) {
  if (!is_latin(design)) throw std::invalid_argument("only a Latin design can be extended");
  Eigen::MatrixXd extended(2 * design.rows(), design.cols());
  extended.topRows(design.rows()) = design;
  return complete(std::move(extended), design.rows(), criterion, seed);
}

double value_in_cell(double cell, double place, Index cells) {
  double value = (cell + place) / static_cast<double>(cells);
  while (cell_of(value, cells) < cell)
    value = std::nextafter(value, 1.0);
  while (cell_of(value, cells) > cell)
    value = std::nextafter(value, 0.0);
  return value;
}

bool is_latin(const Eigen::Ref<const Eigen::MatrixXd>& design) {
  const Index points = design.rows();
  for (Index column = 0; column < design.cols(); ++column) {
    std::vector<bool> taken(static_cast<std::size_t>(points), false);
    for (const double value : design.col(column)) {
      const double cell = cell_of(value, points);
      if (std::isnan(cell) || cell < 0.0 || cell >= static_cast<double>(points)) return false;
      if (taken[static_cast<std::size_t>(cell)]) return false;
      taken[static_cast<std::size_t>(cell)] = true;
    }
  }
  return design.size() > 0;
}

}  // namespace entente::experiment
