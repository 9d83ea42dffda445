#include "engine/experiment/design/latin_hypercube.hpp"

#include <algorithm>
#include <cmath>
#include <limits>
#include <stdexcept>

#include "tests/catch.hpp"

using namespace entente::experiment;
using Eigen::MatrixXd;

namespace {

constexpr auto plain = DesignCriterion::plain;
constexpr auto maximin = DesignCriterion::maximin;

double smallest_distance(const MatrixXd& design) {
  double smallest = std::numeric_limits<double>::infinity();
  for (Eigen::Index one = 0; one < design.rows(); ++one) {
    for (Eigen::Index other = 0; other < one; ++other)
      smallest = std::min(smallest, (design.row(one) - design.row(other)).norm());
  }
  return smallest;
}

}  // namespace

// 49·(1/49) rounds to below 1, and both ends of a cell far from 0 may round to the next one's.
TEST_CASE("a value stays in its cell of a Latin design", "[experiment]") {
  for (const Eigen::Index cells : {1, 7, 49, 98, 103, 1000003}) {
    for (const Eigen::Index cell : {Eigen::Index(0), cells / 49, cells / 2, cells - 1}) {
      for (const double place : {0.0, 0.5, std::nextafter(1.0, 0.0), 1.0}) {
        CAPTURE(cells, cell, place);
        const double value = value_in_cell(static_cast<double>(cell), place, cells);
        CHECK(std::floor(static_cast<double>(cells) * value) == static_cast<double>(cell));
        CHECK(value == Approx((static_cast<double>(cell) + place) / static_cast<double>(cells)));
      }
    }
  }
}

TEST_CASE("designs of any size are Latin", "[experiment]") {
  for (const auto criterion : {plain, maximin}) {
    for (const Eigen::Index points : {1, 2, 3, 10, 49, 98, 1000}) {
      CAPTURE(points);
      const MatrixXd design = latin_hypercube(points, 3, criterion, 4);
      CHECK(design.rows() == points);
      CHECK(design.cols() == 3);
      CHECK(is_latin(design));
    }
  }
}

TEST_CASE("what is Latin and what is not", "[experiment]") {
  CHECK(is_latin(MatrixXd{{0.1, 0.7}, {0.6, 0.2}}));
  CHECK_FALSE(is_latin(MatrixXd{{0.1, 0.7}, {0.6, 0.5}}));
  CHECK_FALSE(is_latin(MatrixXd{{0.1, 1.0}, {0.6, 0.2}}));
  CHECK_FALSE(is_latin(MatrixXd{{-0.1, 0.7}, {0.6, 0.2}}));
  CHECK_FALSE(is_latin(MatrixXd{{std::nan(""), 0.7}, {0.6, 0.2}}));
  CHECK_FALSE(is_latin(MatrixXd()));
}

// With values paired at random in cells of width 1/n, columns are uncorrelated and uniform; with
// 2000 points the errors below are five standard ones.
TEST_CASE("a plain design is uniform in each column and between columns", "[experiment]") {
  constexpr Eigen::Index points = 2000;
  const MatrixXd design = latin_hypercube(points, 2, plain, 11);
  const MatrixXd centred = design.rowwise() - design.colwise().mean();
  const double correlation =
      centred.col(0).dot(centred.col(1)) / (centred.col(0).norm() * centred.col(1).norm());
  CHECK(std::abs(correlation) < 5.0 / std::sqrt(points));
  const Eigen::ArrayXd within =
      points * design.col(0).array() - (points * design.col(0)).array().floor();
  CHECK(std::abs(within.mean() - 0.5) < 5.0 / std::sqrt(12.0 * points));
  CHECK(within.minCoeff() < 0.01);
  CHECK(within.maxCoeff() > 0.99);
}

TEST_CASE("another column changes none of those there are, another seed changes all",
          "[experiment]") {
  const MatrixXd narrow = latin_hypercube(20, 2, plain, 5);
  CHECK(latin_hypercube(20, 3, plain, 5).leftCols(2) == narrow);
  CHECK((latin_hypercube(20, 2, plain, 6).array() != narrow.array()).all());
}

// Of the designs of four centred points in the plane the two that are turns of a square have the
// largest distance, √5/4.
TEST_CASE("maximin finds the best design of four points", "[experiment]") {
  for (const std::uint32_t seed : {1, 2, 3, 4, 5})
    CHECK(smallest_distance(latin_hypercube(4, 2, maximin, seed)) == Approx(std::sqrt(5.0) / 4.0));
}

TEST_CASE("a design grows to twice its size again and again", "[experiment]") {
  for (const auto criterion : {plain, maximin}) {
    MatrixXd design = latin_hypercube(7, 3, criterion, 8);
    for (int step = 0; step < 4; ++step) {
      const MatrixXd extended = extend_latin_hypercube(design, criterion, 8);
      CHECK(extended.rows() == 2 * design.rows());
      CHECK(extended.topRows(design.rows()) == design);
      CHECK(is_latin(extended));
      design = extended;
    }
  }
  const MatrixXd design = latin_hypercube(20, 3, maximin, 8);
  CHECK(smallest_distance(extend_latin_hypercube(design, maximin, 8)) >
        smallest_distance(extend_latin_hypercube(design, plain, 8)));
}

TEST_CASE("no design is made of nothing, or of what is not Latin", "[experiment]") {
  CHECK_THROWS_AS(latin_hypercube(0, 1, plain, 1), std::invalid_argument);
  CHECK_THROWS_AS(latin_hypercube(1, 0, plain, 1), std::invalid_argument);
  CHECK_THROWS_AS(extend_latin_hypercube(MatrixXd{{0.1}, {0.2}}, plain, 1), std::invalid_argument);
}
