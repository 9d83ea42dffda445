#include "engine/simulation/contract.hpp"

#include <algorithm>
#include <cmath>

#include "engine/market/bargaining.hpp"
#include "engine/market/elementary.hpp"
#include "engine/simulation/input_cost.hpp"
#include "engine/simulation/observed_quantities.hpp"

namespace entente::simulation {

namespace {

std::size_t at(Index index) {
  return static_cast<std::size_t>(index);
}

/// What buyers of the product's market pay on average; the value of captive products, which have no
/// price of their own.
double merchant_price(const World& world, const Market& market) {
  double spent = 0.0;
  double bought = 0.0;
  for (Index p = market.first; p < market.last; ++p) {
    if (world.economy->products[at(p)].pricing == ProductPricing::at_cost) continue;
    spent += world.price[p] * world.quantity[p];
    bought += world.quantity[p];
  }
  return bought > 0.0 ? spent / bought : 0.0;
}

/// The most the buyer could pay for a unit of the input: what its product earns less other costs.
double value_to_buyer(const World& world, const Quarter& quarter, Index buyer, Index input_market) {
  const Economy& economy = *world.economy;
  const Product& product = economy.products[at(buyer)];
  const Market& market = economy.markets[at(product.market)];
  const double other_cost =
      quarter.terms.cost_factor[buyer] *
      (product.cost_beside_inputs + cost_of_other_inputs(world, quarter, buyer, input_market));
  double per_unit = 0.0;
  for (const Input& input : economy.inputs) {
    if (input.product == buyer && input.market == input_market) per_unit = input.per_unit;
  }
  const double price = product.pricing == ProductPricing::at_cost ? merchant_price(world, market)
                                                                  : world.price[buyer];
  return (price - other_cost) / per_unit * market.usd_per_currency /
         economy.markets[at(input_market)].usd_per_currency;
}

double logistic(double odds) {
  return 1.0 / (1.0 + market::deterministic_exp(-odds));
}

double bargained_price(const World& world, const Quarter& quarter, Index l) {
  const Link& link = world.economy->links[at(l)];
  const LinkBargain bargain = describe_bargain(world, quarter, l);
  // Where rivals serve the buyer for less than this supplier's cost there is nothing to share: its
  // offer is its cost, and the buyer's split moves away.
  const double most =
      bargain.buyer_value - bargain.replaceable * (bargain.buyer_value - bargain.alternative_price);
  if (most <= bargain.supplier_cost) return bargain.supplier_cost;
  const double b = link.buyer_weight;
  const double shifted =
      quarter.terms.logit_shift[l] == 0.0
          ? b
          : logistic(market::deterministic_log(b / (1.0 - b)) + quarter.terms.logit_shift[l]);
  return market::compute_input_price(
      {bargain.supplier_cost, bargain.buyer_value, bargain.replaceable, bargain.alternative_price},
      shifted);
}

/// Ratio of the supplier's mean contract price to that of quarter 0, over its named buyers.
double contract_index(const World& world, const Eigen::VectorXd& prices, Index supplier) {
  double now = 0.0;
  double before = 0.0;
  for (std::size_t l = 0; l < world.economy->links.size(); ++l) {
    const Link& link = world.economy->links[l];
    if (link.supplier != supplier || link.buyer < 0) continue;
    now += link.volume * prices[static_cast<Index>(l)];
    before += link.volume * link.price;
  }
  return before > 0.0 ? now / before : 1.0;
}

/// What a supplier that is not yet established at a buyer bargains over: its share of the capacity
/// that the buyer could draw on, of all the buyer takes now.
double expected_volume(const World& world, Index l) {
  const Economy& economy = *world.economy;
  const Link& link = economy.links[at(l)];
  if (link.qualified) return 0.0;
  const Index market = economy.products[at(link.supplier)].market;
  double taken = 0.0;
  double capacity = 0.0;
  for (std::size_t other = 0; other < economy.links.size(); ++other) {
    const Link& same = economy.links[other];
    if (same.buyer != link.buyer || economy.products[at(same.supplier)].market != market) continue;
    taken += world.link_volume[static_cast<Index>(other)];
    capacity += world.capacity[same.supplier];
  }
  return taken * world.capacity[link.supplier] / capacity;
}

}  // namespace

bool is_banned(const World& world, const Terms& terms, Index l) {
  const Link& link = world.economy->links[at(l)];
  if (link.buyer < 0) return false;
  const Index firm = world.economy->products[at(link.buyer)].firm;
  return std::ranges::any_of(terms.bans, [&](const Terms::Ban& ban) {
    return ban.supplier == link.supplier && ban.rival == firm;
  });
}

LinkBargain describe_bargain(const World& world, const Quarter& quarter, Index l) {
  const Economy& economy = *world.economy;
  const Link& link = economy.links[at(l)];
  const Product& supplier = economy.products[at(link.supplier)];
  LinkBargain bargain;
  bargain.supplier_cost = supplier.unit_cost * quarter.terms.cost_factor[link.supplier];
  bargain.buyer_value = value_to_buyer(world, quarter, link.buyer, supplier.market);
  // Rivals can step in as far as they are qualified here and have capacity to spare.
  double spare = 0.0;
  double paid = 0.0;
  double rivals = 0.0;
  for (std::size_t other = 0; other < economy.links.size(); ++other) {
    const Link& rival = economy.links[other];
    if (rival.buyer != link.buyer || rival.supplier == link.supplier) continue;
    if (economy.products[at(rival.supplier)].market != supplier.market) continue;
    const auto o = static_cast<Index>(other);
    if (world.link_access[o] <= 0.0 || is_banned(world, quarter.terms, o)) continue;
    const double unused =
        std::max(0.0, world.capacity[rival.supplier] - world.orders[rival.supplier]);
    spare += unused * world.link_access[o];
    paid += world.link_price[o];
    rivals += 1.0;
  }
  const double volume = std::max(world.link_volume[l], expected_volume(world, l));
  if (rivals > 0.0 && volume > 0.0) {
    bargain.replaceable = std::min(1.0, spare / volume);
    bargain.alternative_price = paid / rivals;
  }
  return bargain;
}

void price_contracts(const World& world, Quarter& quarter, Index m) {
  const Economy& economy = *world.economy;
  const Market& market = economy.markets[at(m)];
  // The share of contracts up for renewal moves the mean price of a link that far.
  const double renewed = world.quarter == 0 ? 0.0 : market.reprice_share;
  for (std::size_t i = 0; i < economy.links.size(); ++i) {
    const Link& link = economy.links[i];
    const auto l = static_cast<Index>(i);
    if (!market.sells(link.supplier) || link.buyer < 0) continue;
    // The first contract is bargained whole; later ones move with what is up for renewal.
    const bool first = !link.qualified && world.link_volume[l] <= 0.0;
    double price = world.link_price[l];
    price += (first ? 1.0 : renewed) * (bargained_price(world, quarter, l) - price);
    quarter.link_list_price[l] = price;
    quarter.link_price[l] =
        std::min(price * quarter.terms.price_factor[l], quarter.terms.price_cap[l]);
  }
  for (std::size_t i = 0; i < economy.links.size(); ++i) {
    const Link& link = economy.links[i];
    if (!market.sells(link.supplier) || link.buyer >= 0) continue;
    const auto l = static_cast<Index>(i);
    quarter.link_list_price[l] =
        link.price * contract_index(world, quarter.link_list_price, link.supplier);
    quarter.link_price[l] = quarter.link_list_price[l];
  }
}

Eigen::VectorXd split_over_suppliers(const World& world, const Quarter& quarter, Index buyer,
                                     Index m) {
  const Economy& economy = *world.economy;
  const Market& market = economy.markets[at(m)];
  Eigen::VectorXd weight = Eigen::VectorXd::Zero(static_cast<Index>(economy.links.size()));
  double linked_capacity = 0.0;
  double linked_suppliers = 0.0;
  bool has_incumbent = false;
  for (const Link& link : economy.links) {
    if (link.buyer == buyer && market.sells(link.supplier)) {
      linked_capacity += world.capacity[link.supplier];
      linked_suppliers += 1.0;
      has_incumbent = has_incumbent || link.qualified;
    }
  }
  for (std::size_t i = 0; i < economy.links.size(); ++i) {
    const Link& link = economy.links[i];
    const auto l = static_cast<Index>(i);
    if (link.buyer != buyer || !market.sells(link.supplier)) continue;
    if (world.link_access[l] <= 0.0 || is_banned(world, quarter.terms, l)) continue;
    double base = link.share;
    if (!link.qualified) {
      // A newly qualified supplier grows to its share of the capacity that the buyer can draw on.
      const double part = std::isfinite(linked_capacity)
                              ? world.capacity[link.supplier] / linked_capacity
                              : 1.0 / linked_suppliers;
      base = world.link_access[l] * (has_incumbent ? part / (1.0 - part) : part);
    }
    const double relative = quarter.link_price[l] / link.price;
    weight[l] = base * market::deterministic_exp(market.supplier_elasticity *
                                                 market::deterministic_log(relative));
  }
  const double total = weight.sum();
  if (total > 0.0) weight /= total;
  return weight;
}

bool has_suppliers(const World& world, const Quarter& quarter, Index product) {
  const Economy& economy = *world.economy;
  return std::ranges::all_of(economy.inputs, [&](const Input& input) {
    if (input.product != product) return true;
    if (economy.markets[at(input.market)].pricing != PricingKind::contract) return true;
    return split_over_suppliers(world, quarter, product, input.market).sum() > 0.0;
  });
}

}  // namespace entente::simulation
