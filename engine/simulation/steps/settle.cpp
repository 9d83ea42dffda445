#include "engine/market/demand.hpp"
#include "engine/market/outcome/surplus.hpp"
#include "engine/simulation/behaviour/presence.hpp"
#include "engine/simulation/behaviour/research.hpp"
#include "engine/simulation/markets/holder_logsum.hpp"
#include "engine/simulation/markets/market_demand.hpp"
#include "engine/simulation/steps/steps.hpp"

namespace entente::simulation {

namespace {

std::size_t at(Index index) {
  return static_cast<std::size_t>(index);
}

/// Mean price of a product's running contracts after this quarter's signings.
double mean_signed_price(const World& world, const Quarter& quarter, Index p) {
  const double total = quarter.quantity[p];
  if (total <= 0.0) return quarter.price[p];
  const double fresh = quarter.new_quantity[p];
  return ((total - fresh) * world.signed_price[p] + fresh * quarter.price[p]) / total;
}

/// Mean price of what accounts took this quarter; the quarter's mean where they took none.
double mean_paid_price(Quarter& quarter, const Market& market, Index p) {
  double paid = 0.0;
  double bought = 0.0;
  for (Index a = 0; a < market.cells.count(); ++a) {
    const Index l = market.link_of(p - market.first, a);
    paid += quarter.link_price[l] * quarter.link_volume[l];
    bought += quarter.link_volume[l];
  }
  if (bought > 0.0) quarter.price[p] = paid / bought;
  return quarter.price[p];
}

void settle_posted(const World& world, Quarter& quarter, const Market& market) {
  for (Index p = market.first; p < market.last; ++p) {
    const double unit = market.usd_bn_per_currency_unit;
    double price = market.free ? 0.0 : quarter.price[p];
    if (market.demand == DemandKind::subscription) price = mean_signed_price(world, quarter, p);
    if (market.pricing == PricingKind::bargained) price = mean_paid_price(quarter, market, p);
    const double subsidy = price * quarter.terms.subsidy[p];
    const double paid = price * (1.0 - quarter.terms.discount[p]) + subsidy;
    quarter.subsidy[p] = subsidy * quarter.quantity[p] * unit;
    const double other = world.economy->products[at(p)].other_revenue;
    quarter.revenue[p] = (paid + other) * quarter.quantity[p] * unit;
    quarter.profit[p] = quarter.revenue[p] - quarter.marginal_cost[p] * quarter.quantity[p] * unit;
  }
}

/// Contract inputs cost what was paid for them: the mean of this quarter's deliveries and of the
/// stock bought before. Marginal cost counts them at this quarter's contract prices, so what those
/// differ by is a gain or loss on the stock.
void expense_inputs(const World& world, Quarter& quarter) {
  const Economy& economy = *world.economy;
  const auto inputs = static_cast<Index>(economy.inputs.size());
  quarter.input_purchases = Eigen::VectorXd::Zero(inputs);
  quarter.input_expense = quarter.input_purchases;
  quarter.input_stock_value = quarter.input_purchases;
  for (Index i = 0; i < inputs; ++i) {
    const Input& input = economy.inputs[at(i)];
    const Market& market = economy.markets[at(input.market)];
    if (market.pricing != PricingKind::contract) continue;
    double units = world.input_stock[i];
    for (std::size_t l = 0; l < economy.links.size(); ++l) {
      const Link& link = economy.links[l];
      if (link.buyer != input.product || !market.sells(link.supplier)) continue;
      const auto index = static_cast<Index>(l);
      units += quarter.link_volume[index];
      quarter.input_purchases[i] +=
          quarter.link_volume[index] * quarter.link_price[index] * market.usd_bn_per_currency_unit;
    }
    const double value = world.input_stock_value[i] + quarter.input_purchases[i];
    quarter.input_stock_value[i] = units > 0.0 ? value * quarter.input_stock[i] / units : 0.0;
    quarter.input_expense[i] = value - quarter.input_stock_value[i];
    const double counted = quarter.terms.cost_factor[input.product] * quarter.input_use[i] *
                           quarter.quantity[input.product] * quarter.input_price[i] *
                           market.usd_bn_per_currency_unit;
    quarter.profit[input.product] += counted - quarter.input_expense[i];
  }
}

void settle_contract(const World& world, Quarter& quarter, const Market& market) {
  const double unit = market.usd_bn_per_currency_unit;
  for (std::size_t l = 0; l < world.economy->links.size(); ++l) {
    const Index supplier = world.economy->links[l].supplier;
    if (!market.sells(supplier)) continue;
    const auto link = static_cast<Index>(l);
    quarter.revenue[supplier] += quarter.link_price[link] * quarter.link_volume[link] * unit;
    quarter.profit[supplier] += (quarter.link_price[link] - quarter.marginal_cost[supplier]) *
                                quarter.link_volume[link] * unit;
  }
  for (Index p = market.first; p < market.last; ++p) {
    if (quarter.quantity[p] > 0.0) {
      quarter.price[p] = quarter.revenue[p] / (quarter.quantity[p] * unit);
    }
  }
}

/// A regulated rate is a cost to the seller that prices by it and income to its hosts: it moves as
/// a transfer, so that the market's profits count the network once.
void settle_wholesale(const World& world, Quarter& quarter) {
  const Economy& economy = *world.economy;
  for (Index p = 0; p < quarter.wholesale.size(); ++p) {
    const Product& product = economy.products[at(p)];
    if (product.wholesale.empty()) continue;
    quarter.wholesale[p] = product.wholesale_rate * quarter.quantity[p] *
                           economy.markets[at(product.market)].usd_bn_per_currency_unit;
    quarter.profit[p] += quarter.wholesale[p];
    quarter.firm_transfers[product.firm] -= quarter.wholesale[p];
    for (const Wholesale& part : product.wholesale) {
      quarter.firm_transfers[economy.products[at(part.host)].firm] +=
          part.share * quarter.wholesale[p];
    }
  }
}

/// The part of a bundle's discount that the partner bears moves from it to the seller.
void settle_bundles(const World& world, Quarter& quarter) {
  const Economy& economy = *world.economy;
  for (std::size_t k = 0; k < economy.partnerships.size(); ++k) {
    const Partnership& deal = economy.partnerships[k];
    const double strength = compute_strength(deal, world.partnerships[k]);
    if (strength <= 0.0) continue;
    for (const Effect& effect : deal.effects) {
      if (effect.type != EffectType::bundle) continue;
      const Product& product = economy.products[at(effect.product)];
      const double unit = economy.markets[at(product.market)].usd_bn_per_currency_unit;
      // Subscribers get the discount on what they signed, as settle_posted has it.
      const bool signed_for =
          economy.markets[at(product.market)].demand == DemandKind::subscription;
      const double price = signed_for ? mean_signed_price(world, quarter, effect.product)
                                      : quarter.price[effect.product];
      const double rebate = effect.amount * strength * world.base_share[effect.partner_product] *
                            (1.0 - effect.split) * price * quarter.quantity[effect.product] * unit;
      quarter.firm_transfers[product.firm] += rebate;
      quarter.firm_transfers[economy.products[at(effect.partner_product)].firm] -= rebate;
      quarter.partnership_transfers[static_cast<Index>(k)] += rebate;
    }
  }
}

/// Surplus of this quarter's active final buyers against the same buyers in quarter 0. Input
/// buyers' gains are their profits.
double surplus_change(const World& world, const Quarter& quarter, Index m) {
  const Market& market = world.economy->markets[at(m)];
  if (!market.final || market.free || market.pricing == PricingKind::contract) return 0.0;
  const Eigen::VectorXd prices = quarter.price.segment(market.first, market.products());
  market::Demand demand = quarter.demand[at(m)];
  market::Choice now;
  if (demand.products() > 0) {
    now = market::compute_choice(demand, prices);
  } else {
    // Individuals gain as the types that stand for them do.
    const market::Demand types = build_type_demand(world, quarter, m, Season::now);
    now.logsum =
        compute_holder_logsums(market::compute_choice(types, prices), market, types.outside_good);
    demand.price_term = types.price_term;
    demand.weight = expected_active(world.populations[at(m)], quarter.activity[at(m)]);
    demand.price_sensitivity = market.sensitivity_by_cell;
  }
  market::Choice before = now;
  before.logsum = market.initial_logsum;
  // Signing a subscription settles its terms until the contract ends: a discounted mean length.
  const double rate = world.economy->discount_rate;
  const double quarters_bound =
      market.demand == DemandKind::subscription ? (1.0 + rate) / (market.turnover + rate) : 1.0;
  return market::compute_surplus_change(demand, before, now, market.initial_spending) *
         active_buyers(world, quarter, m) * market.usd_bn_per_currency_unit * quarters_bound;
}

}  // namespace

void settle_accounts(const World& world, Quarter& quarter) {
  const Economy& economy = *world.economy;
  const auto products = static_cast<Index>(economy.products.size());
  quarter.revenue = Eigen::VectorXd::Zero(products);
  quarter.profit = Eigen::VectorXd::Zero(products);
  quarter.fixed_cost = Eigen::VectorXd::Zero(products);
  quarter.subsidy = Eigen::VectorXd::Zero(products);
  quarter.research = Eigen::VectorXd::Zero(products);
  quarter.wholesale = Eigen::VectorXd::Zero(products);
  quarter.surplus_change = Eigen::VectorXd::Zero(static_cast<Index>(economy.markets.size()));
  for (std::size_t m = 0; m < economy.markets.size(); ++m) {
    const Market& market = economy.markets[m];
    if (market.pricing == PricingKind::contract) {
      settle_contract(world, quarter, market);
    } else {
      settle_posted(world, quarter, market);
    }
    quarter.surplus_change[static_cast<Index>(m)] =
        surplus_change(world, quarter, static_cast<Index>(m));
  }
  expense_inputs(world, quarter);
  for (Index p = 0; p < products; ++p) {
    quarter.research[p] = research_spending(world, quarter, p);
    quarter.fixed_cost[p] = standing_cost(world, p) + quarter.research[p];
  }
  settle_wholesale(world, quarter);
  settle_bundles(world, quarter);
}

}  // namespace entente::simulation
