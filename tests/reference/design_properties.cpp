#include "tests/reference/design_properties.hpp"

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <fmt/format.h>
#include <limits>
#include <span>
#include <vector>

#include "engine/experiment/design/latin_hypercube.hpp"
#include "engine/experiment/quantile.hpp"
#include "tests/reference/property.hpp"

namespace entente::reference {

namespace {

using Eigen::MatrixXd;
using experiment::DesignCriterion;
using experiment::latin_hypercube;

constexpr DesignCriterion criteria[] = {DesignCriterion::plain, DesignCriterion::maximin};
constexpr std::uint32_t any_seed = 20240514;

/// Whether two designs have the same bits.
bool same(const MatrixXd& one, const MatrixXd& other) {
  const auto bytes = [](const MatrixXd& design) {
    return std::as_bytes(std::span(design.data(), static_cast<std::size_t>(design.size())));
  };
  return one.rows() == other.rows() && one.cols() == other.cols() &&
         std::ranges::equal(bytes(one), bytes(other));
}

/// `holds` where floor(n·x) of each column takes each of its n values; found without the engine.
std::string look_at_permutations(const MatrixXd& design) {
  const auto points = static_cast<double>(design.rows());
  for (Eigen::Index column = 0; column < design.cols(); ++column) {
    std::vector<double> cells;
    for (Eigen::Index row = 0; row < design.rows(); ++row)
      cells.push_back(std::floor(points * design(row, column)));
    std::ranges::sort(cells);
    for (std::size_t k = 0; k < cells.size(); ++k) {
      if (cells[k] != static_cast<double>(k))
        return fmt::format("column {} of {} points has {} for {}", column, points, cells[k], k);
    }
  }
  return holds;
}

double least_distance(const MatrixXd& design) {
  double least = std::numeric_limits<double>::infinity();
  for (Eigen::Index one = 0; one < design.rows(); ++one) {
    for (Eigen::Index other = 0; other < one; ++other)
      least = std::min(least, (design.row(one) - design.row(other)).norm());
  }
  return least;
}

}  // namespace

DesignSize read_design_size(const nlohmann::json& of) {
  return {of.at("n").get<Eigen::Index>(), of.at("d").get<Eigen::Index>()};
}

std::string look_at_cells(DesignSize size) {
  for (const auto criterion : criteria) {
    for (std::uint32_t seed = 0; seed < 20; ++seed) {
      auto seen =
          look_at_permutations(latin_hypercube(size.points, size.dimensions, criterion, seed));
      if (seen != holds) return seen;
    }
  }
  return holds;
}

std::string look_at_distances(DesignSize size) {
  std::vector<double> plain;
  for (std::uint32_t seed = 1; seed <= 100; ++seed) {
    plain.push_back(least_distance(
        latin_hypercube(size.points, size.dimensions, DesignCriterion::plain, any_seed + seed)));
  }
  std::ranges::sort(plain);
  const double median = experiment::sorted_quantile(plain, 0.5);
  const double maximin = least_distance(
      latin_hypercube(size.points, size.dimensions, DesignCriterion::maximin, any_seed));
  return maximin >= median ? holds : fmt::format("{} against a median of {}", maximin, median);
}

std::string look_at_seeds(DesignSize size) {
  for (const auto criterion : criteria) {
    const auto design = [&](std::uint32_t seed) {
      return latin_hypercube(size.points, size.dimensions, criterion, seed);
    };
    const MatrixXd first = design(any_seed);
    if (!same(first, design(any_seed))) return "two designs of one seed";
    if (same(first, design(any_seed + 1))) return "one design of two seeds";
    const auto extended = [&] { return extend_latin_hypercube(first, criterion, any_seed); };
    if (!same(extended(), extended())) return "two extensions of one seed";
  }
  return holds;
}

std::string look_at_extension(DesignSize size) {
  for (const auto criterion : criteria) {
    MatrixXd design = latin_hypercube(size.points, size.dimensions, criterion, any_seed);
    for (int doubling = 0; doubling < 3; ++doubling) {
      const MatrixXd extended = extend_latin_hypercube(design, criterion, any_seed);
      if (extended.rows() != 2 * design.rows()) return fmt::format("{} points", extended.rows());
      if (!same(extended.topRows(design.rows()), design)) return "the first points moved";
      auto seen = look_at_permutations(extended);
      if (seen != holds) return seen;
      design = extended;
    }
  }
  return holds;
}

}  // namespace entente::reference
