#include "engine/simulation/behaviour/expectation.hpp"

#include <algorithm>
#include <array>
#include <cmath>
#include <stdexcept>

#include "engine/market/elementary.hpp"

namespace entente::simulation {

namespace {

constexpr Index rules = 3;  // that a switching seller chooses from
using Forecasts = std::array<double, static_cast<std::size_t>(rules)>;

std::size_t at(Index index) {
  return static_cast<std::size_t>(index);
}

/// Naive, adaptive and trend.
Forecasts forecasts(const World& world, Index product, int ahead) {
  const double last = world.outlook.orders[product];
  // Quarter 0 is observed before it begins: its own orders are the last known.
  const int quarters = world.quarter == 0 ? ahead : ahead + 1;
  return {last, world.outlook.level[product],
          last * market::deterministic_exp(world.outlook.growth[product] * quarters)};
}

/// Discrete choice among the rules by their past errors; the best has exponent 0, so that no
/// weight is lost to underflow of all.
double switching_forecast(const World& world, Index product, const Forecasts& forecast) {
  const Eigen::VectorXd error = world.outlook.error.row(product);
  const double least = error.minCoeff();
  const double intensity = world.economy->behaviour_of(product).switching_intensity;
  double sum = 0.0;
  double weights = 0.0;
  for (Index h = 0; h < rules; ++h) {
    const double weight = market::deterministic_exp(-intensity * (error[h] - least));
    sum += weight * forecast[at(h)];
    weights += weight;
  }
  return sum / weights;
}

/// This quarter's orders as they would be at the season's mean activity.
double adjusted_orders(const World& world, const Quarter& quarter, double orders, Index product) {
  const Economy& economy = *world.economy;
  const auto m = at(economy.products[at(product)].market);
  const double now = quarter.activity[m].hazard;
  return now > 0.0 ? orders * (economy.markets[m].turnover / now) : orders;
}

void remember_errors(const World& world, double orders, Index product, World& next) {
  const double memory = world.economy->behaviour_of(product).switching_memory;
  const Forecasts forecast = forecasts(world, product, 0);
  for (Index h = 0; h < rules; ++h) {
    if (forecast[at(h)] <= 0.0) continue;
    const double percent = 100.0 * market::deterministic_log(orders / forecast[at(h)]);
    double& error = next.outlook.error(product, h);
    error = memory * error + percent * percent;
  }
}

}  // namespace

double expected_orders(const World& world, Index product, int ahead) {
  if (ahead < 0) throw std::invalid_argument("expected_orders: a quarter that has passed");
  const Forecasts forecast = forecasts(world, product, ahead);
  switch (world.economy->behaviour_of(product).expectations) {
    case ExpectationRule::naive:
      return forecast[0];
    case ExpectationRule::adaptive:
      return forecast[1];
    case ExpectationRule::trend:
      return forecast[2];
    case ExpectationRule::switching:
      break;
  }
  return switching_forecast(world, product, forecast);
}

void start_expectations(const Quarter& quarter, World& world) {
  const Economy& economy = *world.economy;
  const auto products = static_cast<Index>(economy.products.size());
  world.outlook.orders.resize(products);
  world.outlook.growth.resize(products);
  for (Index p = 0; p < products; ++p) {
    const Product& product = economy.products[at(p)];
    world.outlook.orders[p] = adjusted_orders(world, quarter, product.quantity, p);
    world.outlook.growth[p] = market::deterministic_log1p(product.expected_growth);
  }
  world.outlook.level = world.outlook.orders;
  world.outlook.error = Eigen::MatrixXd::Zero(products, rules);
}

void learn_from_orders(const World& world, const Quarter& quarter, World& next) {
  for (Index p = 0; p < world.outlook.orders.size(); ++p) {
    const double gain = world.economy->behaviour_of(p).expectation_gain;
    const double before = world.outlook.orders[p];
    const double orders = adjusted_orders(world, quarter, quarter.orders[p], p);
    double& level = next.outlook.level[p];
    next.outlook.orders[p] = orders;
    // A product that is new has its first orders as its level.
    level = level > 0.0 ? level + gain * (orders - level) : orders;
    if (orders <= 0.0) continue;
    remember_errors(world, orders, p, next);
    // Quarter 0 is in the outlook already, so it shows no growth.
    if (before <= 0.0 || world.quarter == 0) continue;
    double& growth = next.outlook.growth[p];
    growth += gain * (market::deterministic_log(orders / before) - growth);
  }
}

}  // namespace entente::simulation
