#include <cmath>
#include <fmt/format.h>
#include <limits>

#include "engine/market/capacity.hpp"
#include "engine/market/failure.hpp"
#include "engine/simulation/behaviour/pricing_rule.hpp"
#include "engine/simulation/markets/market_demand.hpp"
#include "engine/simulation/markets/posted_market.hpp"
#include "engine/simulation/markets/shared_resource.hpp"
#include "engine/simulation/state/simulation_failure.hpp"
#include "engine/simulation/steps/account_bargain.hpp"
#include "engine/simulation/steps/contract.hpp"
#include "engine/simulation/steps/steps.hpp"
#include "engine/simulation/supply/input_cost.hpp"
#include "engine/simulation/supply/supplier_split.hpp"

namespace entente::simulation {

namespace {

/// Posted prices under the capacity that sellers expect to have.
void post_prices(const World& world, Quarter& quarter, Index m) {
  const Market& market = world.economy->markets[static_cast<std::size_t>(m)];
  const Index first = market.first;
  const Index count = market.products();
  const Eigen::VectorXd settled = settled_prices(world, quarter, m);
  if (settled.allFinite()) {
    // Nobody looks at demand. A shared resource goes pro rata then and has no price.
    quarter.price.segment(first, count) = settled;
    return;
  }
  PostedMarket posted = describe_posted_market(world, quarter, m);
  hold_settled_prices(settled, posted);
  const double size = active_buyers(world, quarter, m);
  if (size <= 0.0) return;  // nobody to sell to, as when every account waits for wear
  const auto solve = [&](const Eigen::Ref<const Eigen::VectorXd>& start) {
    return market::compute_capacity_prices(posted.demand, posted.supply, size,
                                           describe_resources(world, quarter, posted, size, m),
                                           start);
  };
  market::CapacityPrices solved = solve(quarter.price.segment(first, count));
  // Sellers by another rule go by what would be the best reply; the others then answer them.
  if (hold_rule_prices(world, quarter, m, solved.prices.price, posted))
    solved = solve(Eigen::VectorXd(solved.prices.price));
  quarter.price.segment(first, count) = solved.prices.price;
  // What scarcity adds to a unit's cost: its own capacity's and its part of shared resources'.
  quarter.shadow_price.segment(first, count) = solved.effective_cost - posted.supply.marginal_cost;
  Index row = count;
  for (std::size_t r = 0; r < world.economy->resources.size(); ++r) {
    if (world.economy->resources[r].market != m) continue;
    quarter.resource_price[static_cast<Index>(r)] = solved.shadow_price[row++];
  }
  quarter.pricing_residual[m] = solved.prices.residual;
}

}  // namespace

PostedMarket describe_posted_market(const World& world, const Quarter& quarter, Index m) {
  const Market& market = world.economy->markets[static_cast<std::size_t>(m)];
  const Index first = market.first;
  const Index count = market.products();
  PostedMarket posted{
      build_demand(world, quarter, m, Season::mean), build_supply(world, quarter, m),
      quarter.capacity.segment(first, count).cwiseMin(world.deliverable.segment(first, count))};
  for (Index j = 0; j < count; ++j) {
    // Only sellers who set a price can answer scarcity with it; the others ration.
    const bool supplied = has_suppliers(world, quarter.terms, first + j);
    double& price_fixed = posted.supply.price_fixed[j];
    if (supplied && price_fixed == price_fixed) {
      posted.capacity[j] = std::numeric_limits<double>::infinity();
    } else if (!supplied || posted.capacity[j] <= 0.0) {
      // Without its inputs a product is off the market this quarter; its price stands.
      posted.demand.utility.row(j) = -std::numeric_limits<double>::infinity();
      price_fixed = world.price[first + j];
      posted.capacity[j] = std::numeric_limits<double>::infinity();
    }
  }
  return posted;
}

Eigen::VectorXd settled_prices(const World& world, const Quarter& quarter, Index m) {
  const Market& market = world.economy->markets[static_cast<std::size_t>(m)];
  Eigen::VectorXd settled = share_markup_prices(world, quarter, m);
  for (Index j = 0; j < market.products(); ++j) {
    const Index p = market.first + j;
    const double held = held_price(world, quarter, p);
    if (!has_suppliers(world, quarter.terms, p)) {
      settled[j] = world.price[p];
    } else if (!std::isnan(held)) {
      settled[j] = held;
    }
  }
  return settled;
}

void hold_settled_prices(const Eigen::Ref<const Eigen::VectorXd>& settled, PostedMarket& posted) {
  for (Index j = 0; j < settled.size(); ++j) {
    if (std::isnan(settled[j]) || !std::isnan(posted.supply.price_fixed[j])) continue;
    posted.supply.price_fixed[j] = settled[j];
    posted.capacity[j] = std::numeric_limits<double>::infinity();
  }
}

namespace {

/// Markets whose prices answer a contract's: contract markets and all that is made of their goods.
std::vector<bool> answering_markets(const Economy& economy) {
  std::vector<bool> answers(economy.markets.size(), false);
  for (const Index m : economy.upstream_first) {
    const auto market = static_cast<std::size_t>(m);
    answers[market] = economy.markets[market].pricing == PricingKind::contract;
    for (const Input& input : economy.inputs) {
      if (answers[static_cast<std::size_t>(input.market)] &&
          economy.markets[market].sells(input.product)) {
        answers[market] = true;
      }
    }
  }
  return answers;
}

void price_market(const World& world, Quarter& quarter, Index m) {
  const Market& market = world.economy->markets[static_cast<std::size_t>(m)];
  compute_marginal_costs(world, quarter, m);
  try {
    if (market.pricing == PricingKind::contract) {
      price_contracts(world, quarter, m);
    } else if (market.pricing == PricingKind::bargained) {
      price_accounts(world, quarter, m);
    } else if (!market.free) {
      post_prices(world, quarter, m);
    }
  } catch (const market::MarketFailure& failure) {
    throw SimulationFailure(fmt::format("market '{}', {}: {}", market.id,
                                        to_text(world.economy->start + world.quarter),
                                        failure.what()));
  }
}

}  // namespace

void set_prices(const World& world, Quarter& quarter) {
  const Economy& economy = *world.economy;
  const auto inputs = static_cast<Index>(economy.inputs.size());
  quarter.input_price = Eigen::VectorXd::Zero(inputs);
  quarter.input_use = Eigen::VectorXd::Zero(inputs);
  quarter.marginal_cost = Eigen::VectorXd::Zero(world.price.size());
  quarter.price = world.price;
  quarter.shadow_price = Eigen::VectorXd::Zero(world.price.size());
  quarter.markup_bound_hits = Eigen::VectorXd::Zero(world.price.size());
  quarter.resource_price = Eigen::VectorXd::Zero(static_cast<Index>(economy.resources.size()));
  quarter.link_list_price = world.link_price;
  quarter.link_price = world.link_price;
  quarter.pricing_residual = Eigen::VectorXd::Zero(static_cast<Index>(economy.markets.size()));
  for (const Index m : economy.upstream_first)
    price_market(world, quarter, m);
  if (economy.links.empty()) return;
  // Contracts look at the prices of what is made of their goods, and those at the contracts: both
  // are set together (simultaneous timing), so they are gone over until neither moves.
  constexpr int most_rounds = 200;
  constexpr double still = 1e-7;  // the next round would move them by a hundredth of that
  const std::vector<bool> answers = answering_markets(economy);
  double change = 0.0;
  Index moving = 0;
  Eigen::VectorXd talked_about = quarter.price;  // what contracts take prices to be
  for (int round = 0; round < most_rounds; ++round) {
    const Eigen::VectorXd before = quarter.link_list_price;
    quarter.price = talked_about;
    for (const Index m : economy.upstream_first) {
      if (answers[static_cast<std::size_t>(m)]) price_market(world, quarter, m);
    }
    change = ((quarter.link_list_price - before).array() / before.array().abs().max(1e-300))
                 .abs()
                 .maxCoeff(&moving);
    if (change < still) return;
    // Where a capacity is just full the answers to each other overshoot: go part of the way.
    const double part = round < 10 ? 1.0 : round < 40 ? 0.5 : 0.1;
    talked_about += part * (quarter.price - talked_about);
  }
  throw SimulationFailure(
      fmt::format("{}: the contract '{}' and the prices of what is made of its goods still move by "
                  "{:.2g} after "
                  "{} rounds; lower reprice_share, or raise buyers' weights",
                  to_text(economy.start + world.quarter),
                  economy.links[static_cast<std::size_t>(moving)].id, change, most_rounds));
}

}  // namespace entente::simulation
