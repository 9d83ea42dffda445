#include "engine/simulation/behaviour/capacity_rule.hpp"

#include <algorithm>
#include <limits>

#include "engine/market/elementary.hpp"
#include "engine/simulation/behaviour/expectation.hpp"

namespace entente::simulation {

namespace {

/// What orders above capacity call for.
double order_for_backlog(const Product& product, double orders, double capacity,
                         double under_construction) {
  if (!(orders > capacity)) return 0.0;
  return product.capacity_response *
         std::max(0.0, market::deterministic_log(orders / capacity) - under_construction);
}

/// What orders expected when the capacity comes on line call for.
double order_for_expectation(const World& next, const Product& product, Index p, double capacity,
                             double under_construction) {
  const Behaviour& maker = next.economy->behaviour_of(p);
  const int planned_from = next.quarter - 1;
  double planned = market::deterministic_log(capacity);
  for (int k = 0; k <= product.build_lag; ++k)
    planned += market::deterministic_log1p(product.capacity_growth.rate_at(planned_from + k));
  const double wanted = market::deterministic_log(expected_orders(next, p, product.build_lag) /
                                                  maker.capacity_utilisation);
  return maker.capacity_speed * std::max(0.0, wanted - planned - under_construction);
}

/// Puts an order into the queue and returns what comes out of it, log points.
double pass_queue(const World& world, int lag, Index p, double order, World& next) {
  if (lag == 0) return order;
  for (Index k = 0; k + 1 < lag; ++k)
    next.under_construction(p, k) = world.under_construction(p, k + 1);
  next.under_construction(p, lag - 1) = order;
  return world.under_construction(p, 0);
}

}  // namespace

void start_construction(World& world) {
  int longest = 0;
  for (const Product& product : world.economy->products)
    longest = std::max(longest, product.build_lag);
  world.under_construction = Eigen::MatrixXd::Zero(world.price.size(), longest);
}

void expand_capacity(const World& world, const Quarter& quarter, World& next) {
  const Economy& economy = *world.economy;
  for (Index p = 0; p < world.capacity.size(); ++p) {
    const Product& product = economy.products[static_cast<std::size_t>(p)];
    double& capacity = next.capacity[p];
    if (!(capacity < std::numeric_limits<double>::infinity())) continue;
    const double building = world.under_construction.row(p).sum();
    const double order = economy.behaviour_of(p).capacity == CapacityRule::planned
                             ? order_for_backlog(product, quarter.orders[p], capacity, building)
                             : order_for_expectation(next, product, p, capacity, building);
    capacity *= (1.0 + product.capacity_growth.rate_at(world.quarter)) *
                market::deterministic_exp(pass_queue(world, product.build_lag, p, order, next));
  }
}

}  // namespace entente::simulation
