#pragma once

#include <algorithm>
#include <cmath>

#include "tests/catch.hpp"
#include "tests/contract/baseline_world.hpp"

namespace entente::test {

using simulation::Economy;
using simulation::Index;
using simulation::Market;
using simulation::PricingKind;

inline std::size_t at(Index index) {
  return static_cast<std::size_t>(index);
}

inline bool near(double a, double b, double tolerance) {
  return std::abs(a - b) <= tolerance * std::max({1e-12, std::abs(a), std::abs(b)});
}

/// What marginal cost counts for one input of the quarter's sales, USD bn.
inline double counted_cost(const Step& step, std::size_t i) {
  const auto& q = step.quarter;
  const Economy& economy = *step.world.economy;
  const auto& input = economy.inputs[i];
  const auto index = static_cast<Index>(i);
  return q.terms.cost_factor[input.product] * q.input_use[index] * q.quantity[input.product] *
         q.input_price[index] * economy.markets[at(input.market)].usd_bn_per_currency_unit;
}

/// Profit is revenue less cost, with contract inputs at what was paid for them; transfers cancel
/// out.
inline void check_accounts_close(const Step& step) {
  const auto& q = step.quarter;
  const Economy& economy = *step.world.economy;
  REQUIRE(std::abs(q.firm_transfers.sum()) <= 1e-12 * (1.0 + q.firm_transfers.cwiseAbs().sum()));
  for (Index p = 0; p < q.profit.size(); ++p) {
    const auto& product = economy.products[at(p)];
    const auto& market = economy.markets[at(product.market)];
    double cost = q.marginal_cost[p] * q.quantity[p] * market.usd_bn_per_currency_unit;
    cost -= q.wholesale[p];  // a transfer to its hosts
    for (std::size_t i = 0; i < economy.inputs.size(); ++i) {
      const auto& input = economy.inputs[i];
      if (input.product != p) continue;
      if (economy.markets[at(input.market)].pricing != PricingKind::contract) continue;
      cost += q.input_expense[static_cast<Index>(i)] - counted_cost(step, i);
    }
    if (market.pricing == PricingKind::contract || market.pricing == PricingKind::bargained) {
      // Suppliers' revenue is what their buyers pay, named or residual.
      double paid = 0.0;
      for (std::size_t l = 0; l < economy.links.size(); ++l) {
        if (economy.links[l].supplier != p) continue;
        const auto index = static_cast<Index>(l);
        paid += q.link_volume[index] * q.link_price[index] * market.usd_bn_per_currency_unit;
      }
      REQUIRE(near(paid, q.revenue[p], 1e-12));
    }
    CAPTURE(product.id, step.world.quarter);
    REQUIRE(std::abs(q.revenue[p] - q.profit[p] - cost) <= 1e-12 * (1.0 + q.revenue[p]));
  }
}

/// Inputs bought are used up or in stock, in units and in money; what is due comes a quarter
/// nearer.
inline void check_inputs_close(const Step& step) {
  const auto& q = step.quarter;
  const Economy& economy = *step.world.economy;
  for (std::size_t i = 0; i < economy.inputs.size(); ++i) {
    const auto& input = economy.inputs[i];
    const Market& market = economy.markets[at(input.market)];
    if (market.pricing != PricingKind::contract) continue;
    const auto index = static_cast<Index>(i);
    double delivered = 0.0;
    double paid = 0.0;
    for (std::size_t l = 0; l < economy.links.size(); ++l) {
      if (economy.links[l].buyer != input.product || !market.sells(economy.links[l].supplier))
        continue;
      const auto link = static_cast<Index>(l);
      delivered += q.link_volume[link];
      paid += q.link_volume[link] * q.link_price[link] * market.usd_bn_per_currency_unit;
      REQUIRE(step.world.due.row(link).minCoeff() >= 0.0);
      REQUIRE(
          near(step.world.due.row(link).sum() - step.world.due(link, 0) + q.link_new_orders[link],
               step.next.due.row(link).sum(), 1e-12));
    }
    CAPTURE(input.id, step.world.quarter);
    REQUIRE(q.input_stock[index] >= 0.0);
    REQUIRE(near(paid, q.input_purchases[index], 1e-12));
    REQUIRE(near(step.world.input_stock_value[index] + paid,
                 q.input_expense[index] + q.input_stock_value[index], 1e-12));
    const double used = q.input_use[index] * q.new_quantity[input.product];
    const double had = step.world.input_stock[index] + delivered;
    if (input.lead > 0) {
      REQUIRE(std::abs(had - used - q.input_stock[index]) <= 1e-9 * (1.0 + had));
    } else {
      REQUIRE(used <= had * (1.0 + 1e-9) + 1e-12);
    }
  }
}

/// Stocks in use: what was there less what wore out, plus what was delivered.
inline void check_stocks_close(const Step& step) {
  const Economy& economy = *step.world.economy;
  for (std::size_t a = 0; a < economy.accounts.size(); ++a) {
    const auto index = static_cast<Index>(a);
    const double life = economy.markets[at(economy.accounts[a].market)].life;
    REQUIRE(near(step.next.account_stock[index],
                 step.world.account_stock[index] * (1.0 - 1.0 / life) +
                     step.quarter.account_delivered[index],
                 1e-12));
  }
}

/// Nobody makes more than a shared resource lets them.
inline void check_resources(const Step& step) {
  const Economy& economy = *step.world.economy;
  for (std::size_t r = 0; r < economy.resources.size(); ++r) {
    const auto& resource = economy.resources[r];
    const Market& market = economy.markets[at(resource.market)];
    const double used =
        resource.use.dot(step.quarter.new_quantity.segment(market.first, market.products()));
    CAPTURE(resource.id, step.world.quarter);
    REQUIRE(used <= step.quarter.resource_capacity[static_cast<Index>(r)] * (1.0 + 1e-9));
    REQUIRE(step.quarter.resource_price[static_cast<Index>(r)] >= 0.0);
  }
}

}  // namespace entente::test
