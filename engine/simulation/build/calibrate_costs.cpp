#include <cmath>
#include <fmt/format.h>
#include <limits>
#include <optional>

#include "engine/market/demand.hpp"
#include "engine/market/failure.hpp"
#include "engine/market/pricing.hpp"
#include "engine/market/vertical/input_bargains.hpp"
#include "engine/simulation/build/calibrate.hpp"
#include "engine/simulation/build/given_preferences.hpp"
#include "engine/simulation/markets/market_demand.hpp"
#include "engine/simulation/steps/account_bargain.hpp"
#include "engine/simulation/steps/contract.hpp"
#include "engine/simulation/supply/input_cost.hpp"

namespace entente::simulation {

using scenario::Entry;

namespace {

std::size_t at(Index index) {
  return static_cast<std::size_t>(index);
}

/// The part of the price that the first-order conditions leave for cost and scarcity, J.
Eigen::VectorXd effective_costs(const World& world, const Quarter& quarter, Index m) {
  const Market& market = world.economy->markets[at(m)];
  const Eigen::VectorXd prices = world.price.segment(market.first, market.products());
  const market::Demand demand = build_demand(world, quarter, m, Season::mean);
  market::Supply supply = build_supply(world, quarter, m);
  for (Index j = 0; j < market.products(); ++j) {
    // A captive product is sold at cost: no margin to take into account. A price that is held was
    // set once as the others were.
    const Product& product = world.economy->products[at(market.first + j)];
    if (product.pricing == ProductPricing::fixed && product.quantity > 0.0) {
      supply.price_fixed[j] = std::numeric_limits<double>::quiet_NaN();
    } else if (!std::isnan(supply.price_fixed[j])) {
      supply.marginal_cost[j] = prices[j];
      supply.price_fixed[j] = prices[j];
    }
  }
  return supply.received.cwiseProduct(prices) -
         market::compute_implied_markups(demand, supply, prices);
}

/// What a shared resource is worth in quarter 0: where the maker of a product that takes it states
/// its unit cost, what the first-order conditions leave of the price beyond that. Returns what the
/// resources add to the cost of each product, J.
Eigen::VectorXd price_resources(const scenario::Scenario& scenario, Economy& economy, Index m,
                                const Eigen::VectorXd& effective, scenario::Faults& faults) {
  const Market& market = economy.markets[at(m)];
  Eigen::VectorXd added = Eigen::VectorXd::Zero(market.products());
  for (Resource& resource : economy.resources) {
    if (resource.market != m) continue;
    const Entry& entry = *scenario.find("resource", resource.id);
    double used = 0.0;
    std::optional<double> worth;
    for (Index j = 0; j < market.products(); ++j) {
      const Product& product = economy.products[at(market.first + j)];
      used += resource.use[j] * product.quantity;
      if (resource.use[j] <= 0.0 || product.quantity <= 0.0) continue;
      if (product.unit_cost <= 0.0 || product.pricing != ProductPricing::market) continue;
      const double implied = (effective[j] - product.unit_cost) / resource.use[j];
      if (worth && std::abs(implied - *worth) > 1e-6 * std::abs(*worth)) {
        faults.push_back(entry.fault(
            "use",
            fmt::format("unit costs of its users imply different worths, {:.6g} and {:.6g}", *worth,
                        implied),
            "a unit_cost of one of them alone"));
      }
      worth = worth.value_or(implied);
    }
    if (resource.capacity <= 0.0) resource.capacity = used;
    if (resource.capacity < used * (1.0 - 1e-9)) {
      faults.push_back(entry.fault("capacity", "the capacity is below what quarter 0 used",
                                   fmt::format("at least {:.10g}", used),
                                   fmt::format("{:.10g}", resource.capacity)));
    }
    const bool slack = resource.capacity > used * (1.0 + 1e-9);
    if (worth && (*worth < 0.0 || (slack && *worth > 1e-6 * effective.maxCoeff()))) {
      faults.push_back(entry.fault(
          "capacity",
          fmt::format("its users' unit costs imply that it is worth {:.6g} a unit", *worth),
          slack ? "no capacity: it is full in quarter 0" : "a lower unit_cost of its users"));
    }
    resource.initial_price = worth.value_or(0.0);
    added += resource.initial_price * resource.use;
  }
  return added;
}

/// A given unit cost below what the first-order conditions allow is explained by a capacity that
/// binds in quarter 0.
void explain_unit_cost(const Entry& entry, double effective, Product& product,
                       scenario::Faults& faults) {
  if (product.unit_cost > effective * (1.0 + 1e-9)) {
    faults.push_back(entry.fault("unit_cost",
                                 "the cost leaves less margin than the elasticity implies",
                                 fmt::format("at most {:.6g}, or a less elastic demand", effective),
                                 fmt::format("{:.6g}", product.unit_cost)));
  }
  if (!(product.capacity < std::numeric_limits<double>::infinity())) {
    product.capacity = product.quantity;
  }
  if (std::abs(product.capacity - product.quantity) > 1e-9 * product.quantity) {
    faults.push_back(entry.fault(
        "capacity", "a unit cost below the implied one needs a capacity that binds in quarter 0",
        fmt::format("{:.10g}", product.quantity), fmt::format("{:.10g}", product.capacity)));
  }
}

/// Where prices are bargained over they do not tell the cost, J.
Eigen::VectorXd stated_costs(const scenario::Scenario& scenario, const Economy& economy, Index m,
                             scenario::Faults& faults) {
  const Market& market = economy.markets[at(m)];
  Eigen::VectorXd cost(market.products());
  for (Index j = 0; j < market.products(); ++j) {
    const Product& product = economy.products[at(market.first + j)];
    cost[j] = product.unit_cost;
    if (product.unit_cost > 0.0 || product.pricing == ProductPricing::at_cost) continue;
    faults.push_back(scenario.find("product", product.id)
                         ->fault("unit_cost", "a product sold at bargains needs a unit cost"));
  }
  return cost;
}

void calibrate_market(const scenario::Scenario& scenario, Economy& economy, const World& world,
                      Quarter& quarter, Index m, scenario::Faults& faults) {
  const Market& market = economy.markets[at(m)];
  Eigen::VectorXd effective = Eigen::VectorXd::Zero(market.products());
  if (market.pricing == PricingKind::bargained) {
    effective = stated_costs(scenario, economy, m, faults);
  } else if (!market.free) {
    effective = effective_costs(world, quarter, m);
  }
  effective -= price_resources(scenario, economy, m, effective, faults);
  for (Index j = 0; j < market.products(); ++j) {
    const Index p = market.first + j;
    Product& product = economy.products[at(p)];
    const Entry& entry = *scenario.find("product", product.id);
    double cost = effective[j];
    if (product.pricing == ProductPricing::at_cost) {
      cost = product.price;
    } else if (product.entry_share > 0.0 || market.free || market.pricing == PricingKind::given ||
               (product.pricing == ProductPricing::fixed && product.unit_cost > 0.0)) {
      cost = product.unit_cost;
    } else if (product.unit_cost > 0.0) {
      // What shared resources explain already needs no capacity of the product's own.
      const bool explained = std::abs(product.unit_cost - cost) <= 1e-9 * product.unit_cost;
      if (!explained) explain_unit_cost(entry, cost, product, faults);
      cost = product.unit_cost;
    }
    product.cost_beside_inputs = cost - cost_of_inputs(world, quarter, p);
    const bool free_good = market.free && product.cost_beside_inputs >= 0.0;
    if (product.cost_beside_inputs <= 0.0 && !free_good) {
      faults.push_back(entry.fault(
          "price",
          fmt::format(
              "the implied marginal cost of '{}' is not positive: price {:.6g}, share {:.4g}, "
              "cost {:.6g} of which inputs {:.6g}",
              product.id, product.price, product.quantity / market.quantity, cost,
              cost - product.cost_beside_inputs),
          "a larger own elasticity, a higher price, or cheaper inputs"));
    }
    quarter.marginal_cost[p] = cost;
    set_fixed_cost(entry, market, cost, product, faults);
  }
}

void calibrate_contract_costs(const scenario::Scenario& scenario, Economy& economy,
                              Quarter& quarter, Index m, scenario::Faults& faults) {
  const Market& market = economy.markets[at(m)];
  for (Index p = market.first; p < market.last; ++p) {
    Product& product = economy.products[at(p)];
    const Entry& entry = *scenario.find("product", product.id);
    if (product.unit_cost <= 0.0) {
      faults.push_back(entry.fault("unit_cost", "a product sold under contract needs a unit cost"));
    }
    quarter.marginal_cost[p] = product.unit_cost;
    const double unit = market.usd_bn_per_currency_unit;
    const double revenue = product.price * product.quantity * unit;
    if (entry.has("operating_margin")) {
      product.fixed_cost = revenue - product.unit_cost * product.quantity * unit -
                           entry.number("operating_margin") / 100.0 * revenue;
    }
  }
}

/// The buyer's weight at which each observed contract price is the bargain; a link that is not used
/// yet takes the mean of its buyer's others, or of all where the buyer is new.
void calibrate_bargains(const scenario::Scenario& scenario, Economy& economy, const World& world,
                        const Quarter& quarter, scenario::Faults& faults) {
  std::vector<bool> known(economy.links.size(), false);
  for (std::size_t m = 0; m < economy.markets.size(); ++m) {
    if (economy.markets[m].pricing != PricingKind::contract) continue;
    for (const ContractTalks& talks : describe_talks(world, quarter, static_cast<Index>(m))) {
      Eigen::VectorXd price(static_cast<Index>(talks.links.size()));
      for (std::size_t k = 0; k < talks.links.size(); ++k)
        price[static_cast<Index>(k)] = economy.links[at(talks.links[k])].price;
      try {
        const Eigen::VectorXd weight = market::compute_input_buyer_weights(talks.bargains, price);
        for (std::size_t k = 0; k < talks.links.size(); ++k) {
          const double b = weight[static_cast<Index>(k)];
          if (std::isnan(b)) continue;
          economy.links[at(talks.links[k])].buyer_weight = b;
          known[at(talks.links[k])] = true;
        }
      } catch (const market::NoBargain& failure) {
        const Link& link = economy.links[at(talks.links[at(failure.link)])];
        faults.push_back(
            scenario.find("link", link.id)
                ->fault("supplier",
                        fmt::format("no bargain gives the observed price: {}", failure.what())));
      } catch (const market::MarketFailure& failure) {
        faults.push_back(
            scenario.find("market", economy.markets[m].id)
                ->fault("pricing",
                        fmt::format("no bargain gives the observed prices: {}", failure.what())));
      }
    }
  }
  const auto mean_weight = [&](const auto& counts) {
    double sum = 0.0;
    double number = 0.0;
    for (std::size_t l = 0; l < economy.links.size(); ++l) {
      if (!known[l] || !counts(economy.links[l])) continue;
      sum += economy.links[l].buyer_weight;
      number += 1.0;
    }
    return number > 0.0 ? std::optional<double>(sum / number) : std::nullopt;
  };
  const std::optional<double> of_all = mean_weight([](const Link&) { return true; });
  for (std::size_t l = 0; l < economy.links.size(); ++l) {
    Link& link = economy.links[l];
    if (known[l] || link.buyer < 0 || !of_all) continue;
    link.buyer_weight =
        mean_weight([&](const Link& other) { return other.buyer == link.buyer; }).value_or(*of_all);
  }
}

}  // namespace

void remember_initial_choice(const World& world, const Quarter& quarter, Market& market, Index m) {
  const market::Demand demand = build_demand(world, quarter, m, Season::now);
  const Eigen::VectorXd prices = market.free
                                     ? Eigen::VectorXd::Ones(market.products()).eval()
                                     : world.price.segment(market.first, market.products()).eval();
  const market::Choice choice = market::compute_choice(demand, prices);
  market.initial_share = choice.cell_share;
  market.initial_logsum = choice.logsum;
  market.initial_spending = choice.cell_share.matrix().transpose() * prices;
}

void set_fixed_cost(const Entry& entry, const Market& market, double cost, Product& product,
                    scenario::Faults& faults) {
  if (product.wholesale_rate >= cost && product.wholesale_rate > 0.0) {
    faults.push_back(entry.fault("wholesale_rate", "the rate is not below the marginal cost",
                                 fmt::format("below {:.6g}", cost),
                                 fmt::format("{:.6g}", product.wholesale_rate)));
  }
  if (!entry.has("operating_margin")) return;
  const double unit = market.usd_bn_per_currency_unit;
  const double revenue = (product.price + product.other_revenue) * product.quantity * unit;
  const double profit = revenue - cost * product.quantity * unit;
  product.fixed_cost = profit - entry.number("operating_margin") / 100.0 * revenue;
}

void calibrate_costs(const scenario::Scenario& scenario, Economy& economy, World& world,
                     Quarter& quarter, scenario::Faults& faults) {
  quarter.input_price = Eigen::VectorXd::Zero(static_cast<Index>(economy.inputs.size()));
  quarter.marginal_cost = Eigen::VectorXd::Zero(world.price.size());
  quarter.price = world.price;
  quarter.link_price = world.link_price;
  quarter.link_list_price = world.link_price;
  quarter.input_use = quarter.input_price;
  for (const Index m : economy.upstream_first) {
    Market& market = economy.markets[at(m)];
    // First what the inputs cost, then what else the price must cover.
    compute_marginal_costs(world, quarter, m);
    for (std::size_t i = 0; i < economy.inputs.size(); ++i) {
      if (market.sells(economy.inputs[i].product))
        economy.inputs[i].initial_price = quarter.input_price[static_cast<Index>(i)];
    }
    if (market.pricing == PricingKind::contract) {
      calibrate_contract_costs(scenario, economy, quarter, m, faults);
      continue;
    }
    try {
      if (market.given_preferences) {
        start_given_market(scenario, economy, world, quarter, m, faults);
        continue;
      }
      remember_initial_choice(world, quarter, market, m);
      calibrate_market(scenario, economy, world, quarter, m, faults);
    } catch (const market::MarketFailure& failure) {
      const Entry& entry = *scenario.find("market", market.id);
      faults.push_back(
          market.given_preferences
              ? entry.fault("price_sensitivity", fmt::format("market '{}' has no equilibrium: {}",
                                                             market.id, failure.what()))
              : entry.fault("own_elasticity", fmt::format("costs of market '{}' cannot be "
                                                          "inferred: {}",
                                                          market.id, failure.what())));
    }
  }
  for (Index p = 0; p < world.capacity.size(); ++p)
    world.capacity[p] = economy.products[at(p)].capacity;
  if (!faults.empty()) return;
  calibrate_bargains(scenario, economy, world, quarter, faults);
  calibrate_account_bargains(scenario, economy, world, quarter, faults);
}

}  // namespace entente::simulation
