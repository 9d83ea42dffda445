#include "engine/simulation/markets/shared_resource.hpp"

#include <algorithm>
#include <cmath>

#include "engine/market/demand.hpp"

namespace entente::simulation {

namespace {

std::size_t at(Index index) {
  return static_cast<std::size_t>(index);
}

std::vector<Index> resources_of(const Economy& economy, Index m) {
  std::vector<Index> found;
  for (std::size_t r = 0; r < economy.resources.size(); ++r) {
    if (economy.resources[r].market == m) found.push_back(static_cast<Index>(r));
  }
  return found;
}

}  // namespace

market::Resources describe_resources(const World& world, const Quarter& quarter,
                                     const PostedMarket& posted, double size, Index m) {
  const Economy& economy = *world.economy;
  const Market& market = economy.markets[at(m)];
  const Index count = market.products();
  const std::vector<Index> shared = resources_of(economy, m);
  market::Resources resources = market::make_product_capacities(posted.capacity);
  if (shared.empty()) return resources;
  const auto total = count + static_cast<Index>(shared.size());
  resources.use.conservativeResize(total, count);
  resources.capacity.conservativeResize(total);
  const Eigen::VectorXd wanted =
      size * market::compute_choice(posted.demand, world.price.segment(market.first, count)).share;
  for (std::size_t k = 0; k < shared.size(); ++k) {
    const Resource& resource = economy.resources[at(shared[k])];
    const Index row = count + static_cast<Index>(k);
    const double capacity = quarter.resource_capacity[shared[k]];
    const double claims = resource.use.dot(wanted);
    const double fill = claims > capacity ? capacity / claims : 1.0;
    resources.use.row(row) = resource.use.transpose();
    resources.capacity[row] = capacity;
    for (Index j = 0; j < count; ++j) {
      if (std::isnan(posted.supply.price_fixed[j])) continue;
      resources.capacity[row] -= fill * resource.use[j] * wanted[j];
      resources.use(row, j) = 0.0;
    }
    // Where all prices are held nothing is left but rounding.
    if (resources.use.row(row).isZero(0.0)) resources.capacity[row] = 0.0;
  }
  return resources;
}

Eigen::VectorXd production_limit(const World& world, Quarter& quarter, Index m) {
  const Economy& economy = *world.economy;
  const Market& market = economy.markets[at(m)];
  const Index count = market.products();
  Eigen::VectorXd limit = quarter.capacity.segment(market.first, count);
  const auto orders = quarter.orders.segment(market.first, count);
  for (const Index r : resources_of(economy, m)) {
    const Resource& resource = economy.resources[at(r)];
    quarter.resource_wanted[r] = resource.use.dot(orders);
    const double capacity = quarter.resource_capacity[r];
    // Second choices may take up what is left of it, and no more.
    const double fill = std::min(1.0, capacity / quarter.resource_wanted[r]);
    const double left = std::max(0.0, capacity - quarter.resource_wanted[r]) / orders.sum();
    for (Index j = 0; j < count; ++j) {
      if (resource.use[j] <= 0.0 || orders[j] <= 0.0) continue;
      limit[j] = std::min(limit[j], orders[j] * (fill + left / resource.use[j]));
    }
  }
  return limit;
}

}  // namespace entente::simulation
