#include "engine/population/counts.hpp"

#include <algorithm>
#include <cmath>

#include "engine/population/binomial.hpp"
#include "engine/population/multinomial.hpp"
#include "engine/population/seats.hpp"

namespace entente::population {

namespace {

/// Parts of a cell's choice stream.
enum class Part : std::uint64_t { newcomers, active, choice };

std::uint64_t cell_stream(std::uint64_t stream, Eigen::Index cell) {
  return substream(stream, static_cast<std::uint64_t>(cell));
}

std::uint64_t cell_stream(const Population& population, Eigen::Index cell, Part part) {
  return substream(cell_stream(population.choice_stream, cell), static_cast<std::uint64_t>(part));
}

/// Rounding must not cost a consumer its place.
constexpr double whole = 1e-9;

/// Whole consumers among `wanting` that a fraction serves: never more than its part.
std::int64_t winners(double served, std::int64_t wanting) {
  const double part = std::floor(served * static_cast<double>(wanting) + whole);
  return std::min(wanting, static_cast<std::int64_t>(part));
}

Eigen::MatrixXd fractions(const CountTable& counts, const Population& population) {
  return counts.cast<double>() / static_cast<double>(population.count.sum());
}

}  // namespace

void seat_counts(Population& population, std::uint64_t consumers) {
  population.count =
      seat_by_largest_remainder(population.holding, static_cast<std::int64_t>(consumers));
  population.holding = fractions(population.count, population);
}

Purchases choose_by_counts(const Population& population, const Activity& activity,
                           const Eigen::Ref<const Eigen::ArrayXXd>& probability, const Draws& draws,
                           std::uint32_t quarter) {
  const Cells& cells = population.cells;
  const auto draw = [&](Eigen::Index cell, Part part, std::int64_t consumers, double chance) {
    KeyedGenerator generator(draws, cell_stream(population, cell, part), quarter);
    return draw_binomial(consumers, chance, generator);
  };
  Purchases purchases;
  purchases.staying = population.count;
  Counts active = Counts::Zero(cells.count());
  for (Eigen::Index cell = 0; cell < cells.count(); ++cell) {
    std::int64_t& staying = purchases.staying[cell];
    // A newcomer takes somebody's place and holds nothing.
    const std::int64_t newcomers = draw(cell, Part::newcomers, staying, activity.newcomers);
    staying -= newcomers;
    active[cells.of(cells.type_of(cell), cells.products)] += newcomers;
    const std::int64_t of_old = draw(cell, Part::active, staying, activity.hazard);
    staying -= of_old;
    active[cell] += of_old;
  }
  purchases.choosing = CountTable::Zero(cells.count(), cells.products + 1);
  for (Eigen::Index cell = 0; cell < cells.count(); ++cell) {
    purchases.choosing.row(cell) =
        draw_multinomial(active[cell], probability.col(cell), draws,
                         cell_stream(population, cell, Part::choice), quarter);
  }
  purchases.flow = fractions(purchases.choosing, population);
  return purchases;
}

void choose_again_by_counts(const Population& population, Purchases& purchases,
                            const Eigen::Ref<const Eigen::ArrayXXd>& served,
                            const Eigen::Ref<const Eigen::ArrayXXd>& probability,
                            const Draws& draws, std::uint32_t quarter, std::uint32_t round) {
  const std::uint64_t stream = substream(population.lottery_stream, round);
  for (Eigen::Index cell = 0; cell < served.rows(); ++cell) {
    std::int64_t unserved = 0;
    for (Eigen::Index product = 0; product < served.cols(); ++product) {
      std::int64_t& wanting = purchases.choosing(cell, product);
      if (served(cell, product) >= 1.0) continue;
      const std::int64_t got = winners(served(cell, product), wanting);
      unserved += wanting - got;
      wanting = got;
    }
    purchases.choosing.row(cell) += draw_multinomial(unserved, probability.col(cell), draws,
                                                     cell_stream(stream, cell), quarter);
  }
  purchases.flow = fractions(purchases.choosing, population);
}

void settle_counts(Population& population, const Purchases& purchases, WithoutPurchase rule) {
  const Cells& cells = population.cells;
  population.count = purchases.staying;
  for (Eigen::Index cell = 0; cell < cells.count(); ++cell) {
    const Eigen::Index type = cells.type_of(cell);
    for (Eigen::Index product = 0; product < cells.products; ++product)
      population.count[cells.of(type, product)] += purchases.choosing(cell, product);
    const Eigen::Index without =
        rule == WithoutPurchase::keeps ? cell : cells.of(type, cells.products);
    population.count[without] += purchases.choosing(cell, cells.products);
  }
  population.holding = fractions(population.count, population);
}

Eigen::VectorXd staying_by_counts(const Population& population, const Purchases& purchases) {
  const Cells& cells = population.cells;
  Counts staying = Counts::Zero(cells.products + 1);
  for (Eigen::Index cell = 0; cell < cells.count(); ++cell)
    staying[cells.held_by(cell)] += purchases.staying[cell];
  return fractions(staying, population);
}

}  // namespace entente::population
