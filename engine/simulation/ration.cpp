#include "engine/simulation/ration.hpp"

#include <algorithm>
#include <limits>

#include "engine/simulation/market_demand.hpp"

namespace entente::simulation {

namespace {

/// Rounding of sums must not start another round.
constexpr double slack = 1e-12;

}  // namespace

Priority reserved_priority(const World& world, const Quarter& quarter, Index m) {
  const Economy& economy = *world.economy;
  const Market& market = economy.markets[static_cast<std::size_t>(m)];
  Priority priority = Priority::Zero(market.cells.count(), market.products());
  for (const Terms::Reservation& reservation : quarter.terms.reservations) {
    if (reservation.market != m) continue;
    for (std::size_t a = 0; a < market.accounts.size(); ++a) {
      if (economy.accounts[static_cast<std::size_t>(market.accounts[a])].firm !=
          reservation.partner) {
        continue;
      }
      priority(static_cast<Index>(a), reservation.supplier - market.first) +=
          reservation.share * world.capacity[reservation.supplier];
    }
  }
  return priority;
}

Eigen::ArrayXXd choice_probability(const World& world, const Quarter& quarter, Index m,
                                   const std::vector<bool>& sold_out) {
  const Market& market = world.economy->markets[static_cast<std::size_t>(m)];
  market::Demand demand = quarter.demand[static_cast<std::size_t>(m)];
  const Index count = market.products();
  for (Index j = 0; j < count; ++j) {
    if (sold_out[static_cast<std::size_t>(j)]) {
      demand.utility.row(j) = -std::numeric_limits<double>::infinity();
    }
  }
  Eigen::ArrayXXd probability(count + 1, demand.utility.cols());
  const Eigen::VectorXd price = market.free ? Eigen::VectorXd::Ones(count).eval()
                                            : quarter.price.segment(market.first, count).eval();
  // Without an outside good, a buyer whose whole choice is sold out goes without.
  for (Index cell = 0; cell < demand.utility.cols(); ++cell) {
    if (!demand.outside_good && !(demand.utility.col(cell).maxCoeff() > -1e300)) {
      demand.outside_good = true;
    }
  }
  const market::Choice choice = market::compute_choice(demand, price);
  probability.topRows(count) = choice.cell_share;
  probability.row(count) = (1.0 - choice.cell_share.colwise().sum()).max(0.0);
  return probability;
}

std::uint32_t ration(const World& world, Quarter& quarter, Index m,
                     const Eigen::Ref<const Eigen::VectorXd>& limit, const Priority& priority,
                     const population::Draws& draws, std::uint32_t first_round) {
  const Market& market = world.economy->markets[static_cast<std::size_t>(m)];
  const auto& population = world.populations[static_cast<std::size_t>(m)];
  population::Purchases& purchases = quarter.purchases[static_cast<std::size_t>(m)];
  const Index count = market.products();
  const double size = quarter.potential[m];
  std::vector<bool> sold_out(static_cast<std::size_t>(count), false);
  std::uint32_t round = first_round;
  while (true) {
    Eigen::ArrayXXd served = Eigen::ArrayXXd::Ones(market.cells.count(), count);
    bool short_of = false;
    for (Index j = 0; j < count; ++j) {
      const Eigen::VectorXd orders = size * purchases.flow.col(j);
      const double total = orders.sum();
      if (total <= limit[j] * (1.0 + slack)) continue;
      const Eigen::VectorXd called = orders.cwiseMin(priority.col(j));
      const double scale = called.sum() > limit[j] ? limit[j] / called.sum() : 1.0;
      const double rest = std::max(0.0, limit[j] - called.sum());
      const double fill = total > called.sum() ? rest / (total - called.sum()) : 0.0;
      for (Index cell = 0; cell < served.rows(); ++cell) {
        if (orders[cell] <= 0.0) continue;
        served(cell, j) =
            (called[cell] * scale + (orders[cell] - called[cell]) * std::min(1.0, fill)) /
            orders[cell];
      }
      sold_out[static_cast<std::size_t>(j)] = true;
      short_of = true;
    }
    if (!short_of) return round;
    population::choose_again(population, purchases, served,
                             choice_probability(world, quarter, m, sold_out), draws,
                             static_cast<std::uint32_t>(world.quarter), round);
    ++round;
    if (round - first_round > static_cast<std::uint32_t>(count) + 1) return round;
  }
}

}  // namespace entente::simulation
