#include "engine/simulation/markets/holder_logsum.hpp"

#include <algorithm>
#include <cmath>
#include <limits>

#include "engine/market/elementary.hpp"

namespace entente::simulation {

market::Demand build_type_demand(const World& world, const Quarter& quarter, Index m,
                                 Season season) {
  const Market& market = world.economy->markets[static_cast<std::size_t>(m)];
  const Index types = market.cells.types;
  market::Demand demand;
  demand.price_term = market.price_term;
  demand.nesting(0) = market.nest;
  demand.outside_good = market.outside_share > 0.0;
  demand.weight = Eigen::VectorXd::Ones(types);
  demand.price_sensitivity.resize(types);
  demand.utility.resize(market.products(), types);
  const Eigen::VectorXd common = common_utility(world, quarter, m, season);
  for (Index type = 0; type < types; ++type) {
    const Index cell = market.cells.of(type, market.products());
    demand.price_sensitivity[type] = market.sensitivity_by_cell[cell];
    for (Index j = 0; j < market.products(); ++j) {
      const Index p = market.first + j;
      demand.utility(j, type) = market.cell_utility(j, cell) + common[j] +
                                discount_utility(market, demand.price_sensitivity[type],
                                                 world.price[p], quarter.terms.discount[p]);
    }
  }
  return demand;
}

Eigen::VectorXd compute_holder_logsums(const market::Choice& choice, const Market& market,
                                       bool outside_good) {
  const population::Cells& cells = market.cells;
  const double bonus = market::deterministic_expm1(market.inertia / market.nest);
  Eigen::VectorXd logsum(cells.count());
  for (Index type = 0; type < cells.types; ++type) {
    const double inside = choice.cell_share.col(type).sum();
    // ln D^λ of those who hold nothing.
    const double nothing = outside_good ? choice.logsum[type] + market::deterministic_log(inside)
                                        : choice.logsum[type];
    for (Index held = 0; held <= cells.products; ++held) {
      double value = nothing;
      if (held < cells.products && inside > 0.0) {
        value += market.nest *
                 market::deterministic_log1p(bonus * choice.cell_share(held, type) / inside);
      }
      if (outside_good) {
        value = std::max(value, 0.0) +
                market::deterministic_log1p(market::deterministic_exp(-std::abs(value)));
      }
      logsum[cells.of(type, held)] = value;
    }
  }
  return logsum;
}

}  // namespace entente::simulation
