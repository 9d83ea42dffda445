#include "engine/simulation/markets/consumer_choice.hpp"

#include <algorithm>
#include <fmt/format.h>
#include <limits>

#include "engine/market/elementary.hpp"
#include "engine/simulation/markets/market_demand.hpp"
#include "engine/simulation/state/simulation_failure.hpp"

namespace entente::simulation {

namespace {

constexpr double never_sold = -std::numeric_limits<double>::infinity();

std::size_t at(Index index) {
  return static_cast<std::size_t>(index);
}

Eigen::VectorXd posted_prices(const Quarter& quarter, const Market& market) {
  if (market.free) return Eigen::VectorXd::Ones(market.products());
  return quarter.price.segment(market.first, market.products());
}

/// Choice probabilities of cells at posted prices, (J+1)×C, without the products that are sold out.
Eigen::ArrayXXd choice_probability(const Quarter& quarter, const Market& market, Index m,
                                   const std::vector<bool>& sold_out) {
  market::Demand demand = quarter.demand[at(m)];
  const Index count = market.products();
  for (Index j = 0; j < count; ++j) {
    if (sold_out[at(j)]) demand.utility.row(j) = never_sold;
  }
  // Without an outside good, a buyer whose whole choice is sold out goes without.
  for (Index cell = 0; cell < demand.utility.cols(); ++cell) {
    if (!demand.outside_good && !(demand.utility.col(cell).maxCoeff() > -1e300)) {
      demand.outside_good = true;
    }
  }
  const market::Choice choice = market::compute_choice(demand, posted_prices(quarter, market));
  Eigen::ArrayXXd probability(count + 1, demand.utility.cols());
  probability.topRows(count) = choice.cell_share;
  probability.row(count) = (1.0 - choice.cell_share.colwise().sum()).max(0.0);
  return probability;
}

/// Whether deliveries of a market's products can be less than its buyers order.
bool may_fall_short(const World& world, const Quarter& quarter, Index m) {
  const Economy& economy = *world.economy;
  const Market& market = economy.markets[at(m)];
  const bool supplied = std::ranges::any_of(
      economy.inputs, [&](const Input& input) { return market.sells(input.product); });
  const bool shares = std::ranges::any_of(
      economy.resources, [&](const Resource& resource) { return resource.market == m; });
  // New lines need no capacity.
  const bool limited = market.demand != DemandKind::subscription &&
                       !(quarter.capacity.segment(market.first, market.products()).minCoeff() ==
                         std::numeric_limits<double>::infinity());
  return supplied || shares || limited;
}

/// Streams of individuals' taste shocks for the products of a market and its outside good.
std::vector<std::uint64_t> name_shocks(const Economy& economy, const Market& market) {
  std::vector<std::uint64_t> streams;
  for (Index j = 0; j < market.products(); ++j) {
    const std::string& product = economy.products[at(market.first + j)].id;
    streams.push_back(population::stream_name("taste shock", product));
  }
  streams.push_back(population::stream_name("outside taste shock", market.id));
  return streams;
}

/// What individuals choose among at posted prices, without the products that are sold out.
population::Offer describe_offer(const World& world, const Quarter& quarter, Index m,
                                 const std::vector<bool>& sold_out) {
  const Market& market = world.economy->markets[at(m)];
  if (quarter.cell_shift[at(m)].size() > 0) {
    throw SimulationFailure(fmt::format(
        "market '{}': a model shifts utilities of cells, which individuals do not have; use "
        "population.representation = \"counts\"",
        market.id));
  }
  const Eigen::VectorXd prices = posted_prices(quarter, market);
  population::Offer offer;
  offer.common = common_utility(world, quarter, m, Season::now);
  offer.price.resize(market.products());
  for (Index j = 0; j < market.products(); ++j) {
    const Index p = market.first + j;
    if (sold_out[at(j)]) offer.common[j] = never_sold;
    const double term = market.price_term == market::PriceTerm::log
                            ? market::deterministic_log(prices[j])
                            : prices[j];
    offer.price[j] =
        -market.sensitivity * term +
        discount_utility(market, market.sensitivity, world.price[p], quarter.terms.discount[p]);
  }
  offer.characteristic = market.characteristics * market.taste_spread.asDiagonal();
  offer.price_spread = market.price_spread;
  offer.normaliser = market.taste_normaliser;
  offer.inertia = market.inertia;
  offer.nesting = market.nest;
  offer.outside_good = market.outside_share > 0.0;
  offer.without = without_purchase(market);
  offer.may_fall_short = may_fall_short(world, quarter, m);
  if (world.economy->keyed_shocks) offer.shock_stream = name_shocks(*world.economy, market);
  return offer;
}

}  // namespace

bool consumers_differ(const Market& market) {
  return market.price_spread > 0.0 || market.taste_spread.size() > 0;
}

population::WithoutPurchase without_purchase(const Market& market) {
  return market.demand == DemandKind::durable ? population::WithoutPurchase::keeps
                                              : population::WithoutPurchase::gives_up;
}

void recruit_consumers(World& world, const population::Draws& draws) {
  const Economy& economy = *world.economy;
  for (std::size_t m = 0; m < economy.markets.size(); ++m) {
    const Market& market = economy.markets[m];
    population::Population& population = world.populations[m];
    if (population.representation != population::Representation::agents) continue;
    if (population.individuals) continue;
    population::TasteDesign design;
    design.individual = economy.individual_tastes;
    const Index tastes = consumers_differ(market) ? market.type_node.cols() : 0;
    design.node = market.type_node.leftCols(tastes);
    design.below = market.type_below.leftCols(tastes);
    design.above = market.type_above.leftCols(tastes);
    population::recruit(population, design, economy.agents, draws);
  }
}

population::Purchases choose_products(World& world, const Quarter& quarter, Index m,
                                      const population::Draws& draws) {
  const Market& market = world.economy->markets[at(m)];
  population::Population& population = world.populations[at(m)];
  const auto time = static_cast<std::uint32_t>(world.quarter);
  const std::vector<bool> all_there(at(market.products()), false);
  if (population.representation == population::Representation::agents) {
    return population::choose_by_agents(population, quarter.activity[at(m)],
                                        describe_offer(world, quarter, m, all_there), draws, time);
  }
  return population::choose(population, quarter.activity[at(m)],
                            choice_probability(quarter, market, m, all_there), draws, time);
}

void choose_again(World& world, const Quarter& quarter, Index m, const std::vector<bool>& sold_out,
                  const Eigen::Ref<const Eigen::ArrayXXd>& served, const population::Draws& draws,
                  std::uint32_t round, population::Purchases& purchases) {
  population::Population& population = world.populations[at(m)];
  const auto time = static_cast<std::uint32_t>(world.quarter);
  if (population.representation == population::Representation::agents) {
    population::choose_again_by_agents(population, purchases, served.row(0).matrix().transpose(),
                                       describe_offer(world, quarter, m, sold_out), draws, time,
                                       round);
    return;
  }
  population::choose_again(population, purchases, served,
                           choice_probability(quarter, world.economy->markets[at(m)], m, sold_out),
                           draws, time, round);
}

}  // namespace entente::simulation
