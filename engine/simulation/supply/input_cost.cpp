#include "engine/simulation/supply/input_cost.hpp"

#include "engine/market/elementary.hpp"
#include "engine/simulation/supply/supplier_split.hpp"

namespace entente::simulation {

namespace {

std::size_t at(Index index) {
  return static_cast<std::size_t>(index);
}

/// What the firm's account, or all where it has none, agreed to pay, at quarter-0 volumes.
double paid_by_account(const Economy& economy, const Quarter& quarter, const Input& input) {
  const Market& market = economy.markets[at(input.market)];
  double spent = 0.0;
  double bought = 0.0;
  for (std::size_t a = 0; a < market.accounts.size(); ++a) {
    if (input.account >= 0 && market.accounts[a] != input.account) continue;
    for (Index j = 0; j < market.products(); ++j) {
      const Index l = market.link_of(j, static_cast<Index>(a));
      spent += economy.links[at(l)].volume * quarter.link_price[l];
      bought += economy.links[at(l)].volume;
    }
  }
  return bought > 0.0 ? spent / bought : 0.0;
}

/// What the maker of a product pays for a unit of an input, in the input market's currency.
double price_paid(const World& world, const Quarter& quarter, const Input& input) {
  const Economy& economy = *world.economy;
  const Market& market = economy.markets[at(input.market)];
  if (market.pricing == PricingKind::contract) {
    const Eigen::VectorXd split =
        split_over_suppliers(world, quarter, quarter.link_price, input.product, input.market);
    return split.dot(quarter.link_price);
  }
  if (market.pricing == PricingKind::bargained) return paid_by_account(economy, quarter, input);
  // A firm with an account of its own pays its mix, the others the market's.
  double spent = 0.0;
  double bought = 0.0;
  for (Index j = 0; j < market.products(); ++j) {
    const Index p = market.first + j;
    double weight = economy.products[at(p)].quantity;
    for (std::size_t a = 0; a < market.accounts.size(); ++a) {
      if (market.accounts[a] == input.account)
        weight = market.initial_share(j, static_cast<Index>(a));
    }
    spent += weight * quarter.price[p];
    bought += weight;
  }
  return bought > 0.0 ? spent / bought : 0.0;
}

/// How much of the input a unit takes against quarter 0: dear inputs are used sparingly.
double intensity(const Input& input, double price) {
  if (input.intensity_elasticity == 0.0 || input.initial_price <= 0.0 || price <= 0.0) return 1.0;
  return market::deterministic_exp(input.intensity_elasticity *
                                   market::deterministic_log(price / input.initial_price));
}

/// Cost of one input in one unit of its product, currency of the product's market.
double cost_of(const Economy& economy, const Input& input, double price) {
  const Market& user = economy.markets[at(economy.products[at(input.product)].market)];
  const Market& market = economy.markets[at(input.market)];
  const double service = input.capital ? market.life : 1.0;
  return input.per_unit * intensity(input, price) * price / service * market.usd_per_currency /
         user.usd_per_currency;
}

}  // namespace

double cost_of_inputs(const World& world, const Quarter& quarter, Index product) {
  const Economy& economy = *world.economy;
  double cost = 0.0;
  for (std::size_t i = 0; i < economy.inputs.size(); ++i) {
    const Input& input = economy.inputs[i];
    if (input.product != product) continue;
    cost += cost_of(economy, input, quarter.input_price[static_cast<Index>(i)]);
  }
  return cost;
}

double cost_of_other_inputs(const World& world, const Quarter& quarter, Index product,
                            Index market) {
  double cost = 0.0;
  for (const Input& input : world.economy->inputs) {
    if (input.product != product || input.market == market) continue;
    cost += cost_of(*world.economy, input, price_paid(world, quarter, input));
  }
  return cost;
}

void compute_marginal_costs(const World& world, Quarter& quarter, Index m) {
  const Economy& economy = *world.economy;
  const Market& market = economy.markets[at(m)];
  for (std::size_t i = 0; i < economy.inputs.size(); ++i) {
    if (market.sells(economy.inputs[i].product)) {
      const auto index = static_cast<Index>(i);
      quarter.input_price[index] = price_paid(world, quarter, economy.inputs[i]);
      quarter.input_use[index] = input_quantity_per_unit(economy, economy.inputs[i]) *
                                 intensity(economy.inputs[i], quarter.input_price[index]);
    }
  }
  for (Index p = market.first; p < market.last; ++p) {
    const Product& product = economy.products[at(p)];
    const double own =
        market.pricing == PricingKind::contract ? product.unit_cost : product.cost_beside_inputs;
    quarter.marginal_cost[p] = quarter.terms.cost_factor[p] * (own * quarter.own_cost_factor[p] +
                                                               cost_of_inputs(world, quarter, p));
  }
}

}  // namespace entente::simulation
