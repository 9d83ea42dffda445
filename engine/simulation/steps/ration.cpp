#include "engine/simulation/steps/ration.hpp"

#include <algorithm>

#include "engine/simulation/markets/consumer_choice.hpp"

namespace entente::simulation {

namespace {

/// Rounding of sums must not start another round.
constexpr double slack = 1e-12;

}  // namespace

Priority reserved_priority(const World& world, const Quarter& quarter, Index m) {
  const Economy& economy = *world.economy;
  const Market& market = economy.markets[static_cast<std::size_t>(m)];
  Priority priority =
      Priority::Zero(quarter.purchases[static_cast<std::size_t>(m)].flow.rows(), market.products());
  for (const Terms::Reservation& reservation : quarter.terms.reservations) {
    if (reservation.market != m) continue;
    for (std::size_t a = 0; a < market.accounts.size(); ++a) {
      if (economy.accounts[static_cast<std::size_t>(market.accounts[a])].firm !=
          reservation.partner) {
        continue;
      }
      priority(static_cast<Index>(a), reservation.supplier - market.first) +=
          reservation.share * quarter.capacity[reservation.supplier];
    }
  }
  return priority;
}

std::uint32_t ration(World& world, Quarter& quarter, Index m,
                     const Eigen::Ref<const Eigen::VectorXd>& limit, const Priority& priority,
                     const population::Draws& draws, std::uint32_t first_round) {
  const Market& market = world.economy->markets[static_cast<std::size_t>(m)];
  population::Purchases& purchases = quarter.purchases[static_cast<std::size_t>(m)];
  const Index count = market.products();
  const double size = quarter.potential[m];
  std::vector<bool> sold_out(static_cast<std::size_t>(count), false);
  std::uint32_t round = first_round;
  while (true) {
    Eigen::ArrayXXd served = Eigen::ArrayXXd::Ones(purchases.flow.rows(), count);
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
    choose_again(world, quarter, m, sold_out, served, draws, round, purchases);
    ++round;
    if (round - first_round > static_cast<std::uint32_t>(count) + 1) return round;
  }
}

}  // namespace entente::simulation
