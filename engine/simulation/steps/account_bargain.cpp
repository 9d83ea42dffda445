#include "engine/simulation/steps/account_bargain.hpp"

#include <algorithm>
#include <cmath>
#include <fmt/format.h>
#include <optional>

#include "engine/market/elementary.hpp"
#include "engine/market/procurement/buyer_bargains.hpp"
#include "engine/simulation/markets/market_demand.hpp"
#include "engine/simulation/steps/contract.hpp"

namespace entente::simulation {

namespace {

std::size_t at(Index index) {
  return static_cast<std::size_t>(index);
}

Index accounts_of(const Market& market) {
  return static_cast<Index>(market.accounts.size());
}

/// The values of a market's links, J×A.
Eigen::ArrayXXd by_account(const Market& market, const Eigen::VectorXd& values) {
  return values.segment(market.first_link, market.products() * accounts_of(market))
      .reshaped(market.products(), accounts_of(market))
      .array();
}

/// Suppliers' costs, with what the unit earns elsewhere.
market::Supply describe_suppliers(const World& world, const Quarter& quarter, Index m) {
  const Market& market = world.economy->markets[at(m)];
  market::Supply supply = build_supply(world, quarter, m);
  for (Index j = 0; j < market.products(); ++j)
    supply.marginal_cost[j] += scarcity_rent(world, quarter, market.first + j);
  return supply;
}

std::optional<double> mean_of_known(const Eigen::Ref<const Eigen::ArrayXXd>& weight) {
  double sum = 0.0;
  double number = 0.0;
  for (const double b : weight.reshaped()) {
    if (std::isnan(b)) continue;
    sum += b;
    number += 1.0;
  }
  return number > 0.0 ? std::optional(sum / number) : std::nullopt;
}

}  // namespace

void price_accounts(const World& world, Quarter& quarter, Index m) {
  const Economy& economy = *world.economy;
  const Market& market = economy.markets[at(m)];
  const Index count = market.products();
  if (world.quarter > 0 && active_buyers(world, quarter, m) > 0.0) {
    Eigen::ArrayXXd weight(count, accounts_of(market));
    for (Index a = 0; a < weight.cols(); ++a) {
      for (Index j = 0; j < count; ++j)
        weight(j, a) = shifted_weight(world, quarter, market.link_of(j, a));
    }
    const market::BuyerPrices agreed = market::compute_buyer_prices(
        build_demand(world, quarter, m, Season::mean), describe_suppliers(world, quarter, m),
        weight, by_account(market, world.link_price));
    quarter.pricing_residual[m] = agreed.residual;
    for (Index a = 0; a < weight.cols(); ++a) {
      for (Index j = 0; j < count; ++j) {
        const Index l = market.link_of(j, a);
        quarter.link_list_price[l] =
            world.link_price[l] + market.reprice_share * (agreed.price(j, a) - world.link_price[l]);
      }
    }
  }
  quarter.price.segment(market.first, count).setZero();
  for (Index a = 0; a < accounts_of(market); ++a) {
    for (Index j = 0; j < count; ++j) {
      const Index l = market.link_of(j, a);
      quarter.link_price[l] = std::min(quarter.link_list_price[l] * quarter.terms.price_factor[l],
                                       quarter.terms.price_cap[l]);
      quarter.price[market.first + j] +=
          economy.accounts[at(market.accounts[at(a)])].share * quarter.link_price[l];
    }
  }
}

void add_account_prices(const Quarter& quarter, const Market& market, market::Demand& demand) {
  for (Index a = 0; a < accounts_of(market); ++a) {
    for (Index j = 0; j < market.products(); ++j) {
      const double paid = quarter.link_price[market.link_of(j, a)];
      const double mean = quarter.price[market.first + j];
      demand.utility(j, a) -=
          demand.price_sensitivity[a] * (demand.price_term == market::PriceTerm::log
                                             ? market::deterministic_log(paid / mean)
                                             : paid - mean);
    }
  }
}

void calibrate_account_bargains(const scenario::Scenario& scenario, Economy& economy,
                                const World& world, const Quarter& quarter,
                                scenario::Faults& faults) {
  for (std::size_t m = 0; m < economy.markets.size(); ++m) {
    const Market& market = economy.markets[m];
    if (market.pricing != PricingKind::bargained) continue;
    const auto index = static_cast<Index>(m);
    try {
      const Eigen::ArrayXXd weight = market::compute_buyer_weights(
          build_demand(world, quarter, index, Season::mean), build_supply(world, quarter, index),
          by_account(market, world.link_price));
      const double of_all = mean_of_known(weight).value_or(0.5);
      for (Index a = 0; a < weight.cols(); ++a) {
        const double mean = mean_of_known(weight.col(a)).value_or(of_all);
        for (Index j = 0; j < weight.rows(); ++j) {
          economy.links[at(market.link_of(j, a))].buyer_weight =
              std::isnan(weight(j, a)) ? mean : weight(j, a);
        }
      }
    } catch (const market::NoBuyerBargain& failure) {
      faults.push_back(
          scenario.find("product", economy.products[at(market.first + failure.product)].id)
              ->fault("unit_cost",
                      fmt::format("no bargain with '{}' gives the observed price: {}",
                                  economy.accounts[at(market.accounts[at(failure.cell)])].id,
                                  failure.what()),
                      "a cost between what the posted price would imply and the price"));
    } catch (const market::MarketFailure& failure) {
      faults.push_back(
          scenario.find("market", market.id)
              ->fault("pricing",
                      fmt::format("no bargain gives the observed prices: {}", failure.what())));
    }
  }
}

}  // namespace entente::simulation
