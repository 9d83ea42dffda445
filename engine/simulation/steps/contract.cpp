#include "engine/simulation/steps/contract.hpp"

#include <algorithm>
#include <limits>

#include "engine/market/elementary.hpp"
#include "engine/market/outcome/ownership.hpp"
#include "engine/simulation/markets/market_demand.hpp"
#include "engine/simulation/supply/input_cost.hpp"
#include "engine/simulation/supply/supplier_split.hpp"

namespace entente::simulation {

namespace {

std::size_t at(Index index) {
  return static_cast<std::size_t>(index);
}

/// What merchants' products of a market cost at quarter-0 quantities; the value of captive
/// products, which have no price of their own.
double merchant_price(const World& world, const Quarter& quarter, const Market& market) {
  double spent = 0.0;
  double bought = 0.0;
  for (Index p = market.first; p < market.last; ++p) {
    const Product& product = world.economy->products[at(p)];
    if (product.pricing == ProductPricing::at_cost) continue;
    spent += quarter.price[p] * product.quantity;
    bought += product.quantity;
  }
  return bought > 0.0 ? spent / bought : 0.0;
}

double logistic(double odds) {
  return 1.0 / (1.0 + market::deterministic_exp(-odds));
}

/// Products of the buyers' market as the talks see them.
void describe_products(const World& world, const Quarter& quarter, Index user, Index input_market,
                       market::InputBargains& bargains) {
  const Economy& economy = *world.economy;
  const Market& market = economy.markets[at(user)];
  const Index count = market.products();
  const double rate = market.usd_per_currency / economy.markets[at(input_market)].usd_per_currency;
  bargains.demand = build_demand(world, quarter, user, Season::mean);
  bargains.retail_price = quarter.price.segment(market.first, count);
  bargains.other_cost = Eigen::VectorXd::Zero(count);
  bargains.input_per_unit = Eigen::VectorXd::Zero(count);
  bargains.buyer_firm.resize(count);
  for (Index j = 0; j < count; ++j) {
    const Index p = market.first + j;
    const Product& product = economy.products[at(p)];
    bargains.buyer_firm[j] = static_cast<int>(product.firm);
    if (!has_suppliers(world, quarter.terms, p)) {
      bargains.demand.utility.row(j) = -std::numeric_limits<double>::infinity();
    }
    if (product.pricing == ProductPricing::at_cost) {
      bargains.retail_price[j] = merchant_price(world, quarter, market);
    }
    bargains.other_cost[j] =
        quarter.terms.cost_factor[p] * (product.cost_beside_inputs * quarter.own_cost_factor[p] +
                                        cost_of_other_inputs(world, quarter, p, input_market));
    for (const Input& input : economy.inputs) {
      if (input.product == p && input.market == input_market)
        bargains.input_per_unit[j] = input.per_unit;
    }
  }
  // The talks are about money of the input's market.
  bargains.retail_price *= rate;
  bargains.other_cost *= rate;
  if (market.price_term == market::PriceTerm::linear) {
    bargains.demand.price_sensitivity /= rate;
  } else {
    for (Index c = 0; c < bargains.demand.cells(); ++c) {
      bargains.demand.utility.col(c) +=
          bargains.demand.price_sensitivity[c] * market::deterministic_log(rate);
    }
  }
}

Eigen::MatrixXd interests(const World& world, const Quarter& quarter) {
  if (quarter.terms.stakes.empty()) return {};
  const auto firms = static_cast<Index>(world.economy->firms.size());
  const Eigen::VectorXi all = Eigen::VectorXi::LinSpaced(firms, 0, static_cast<int>(firms) - 1);
  const StakeMatrices stakes = stake_matrices(world, quarter.terms);
  return market::compute_ownership(stakes.control, stakes.interest, all);
}

ContractTalks describe_talks_with(const World& world, const Quarter& quarter, Index input_market,
                                  Index user) {
  const Economy& economy = *world.economy;
  const Market& market = economy.markets[at(input_market)];
  const Market& buyers = economy.markets[at(user)];
  ContractTalks talks;
  for (std::size_t i = 0; i < economy.links.size(); ++i) {
    const Link& link = economy.links[i];
    if (link.buyer >= 0 && market.sells(link.supplier) && buyers.sells(link.buyer)) {
      talks.links.push_back(static_cast<Index>(i));
    }
  }
  market::InputBargains& bargains = talks.bargains;
  describe_products(world, quarter, user, input_market, bargains);
  const auto count = static_cast<Index>(talks.links.size());
  bargains.link_nesting = market.link_nest;
  bargains.product.resize(count);
  bargains.supplier_firm.resize(count);
  bargains.supplier_cost.resize(count);
  bargains.share.resize(count);
  bargains.buyer_weight.resize(count);
  bargains.interest = interests(world, quarter);
  for (Index k = 0; k < count; ++k) {
    const Index l = talks.links[at(k)];
    const Link& link = economy.links[at(l)];
    bargains.product[k] = static_cast<int>(link.buyer - buyers.first);
    bargains.supplier_firm[k] = static_cast<int>(economy.products[at(link.supplier)].firm);
    bargains.supplier_cost[k] =
        quarter.marginal_cost[link.supplier] + scarcity_rent(world, quarter, link.supplier);
    bargains.share[k] =
        split_over_suppliers(world, quarter, world.link_price, link.buyer, input_market)[l];
    bargains.buyer_weight[k] = shifted_weight(world, quarter, l);
  }
  return talks;
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

/// Moves contracts up for renewal to the bargains' outcome; a first contract is bargained whole.
void renew(const World& world, const Market& market, const ContractTalks& talks, Quarter& quarter) {
  if (world.quarter == 0) return;
  const Eigen::VectorXd agreed = market::compute_input_prices(talks.bargains);
  for (std::size_t k = 0; k < talks.links.size(); ++k) {
    const Index l = talks.links[k];
    const auto place = static_cast<Index>(k);
    const bool offered = (talks.bargains.demand.utility.row(talks.bargains.product[place]) >
                          -std::numeric_limits<double>::max())
                             .any();
    if (talks.bargains.share[place] <= 0.0 || !offered) continue;  // nobody to bargain with
    const bool first = world.link_volume[l] <= 0.0;
    quarter.link_list_price[l] = world.link_price[l] + (first ? 1.0 : market.reprice_share) *
                                                           (agreed[place] - world.link_price[l]);
  }
}

}  // namespace

double shifted_weight(const World& world, const Quarter& quarter, Index l) {
  const double b = world.economy->links[at(l)].buyer_weight;
  if (quarter.terms.logit_shift[l] == 0.0 || b <= 0.0 || b >= 1.0) return b;
  return logistic(market::deterministic_log(b / (1.0 - b)) + quarter.terms.logit_shift[l]);
}

double scarcity_rent(const World& world, const Quarter& quarter, Index supplier) {
  const double orders = world.orders[supplier];
  const double capacity = quarter.capacity[supplier];
  if (!(orders > capacity)) return 0.0;
  const double margin = world.price[supplier] - quarter.marginal_cost[supplier];
  return std::max(0.0, margin) * (1.0 - capacity / orders);
}

std::vector<ContractTalks> describe_talks(const World& world, const Quarter& quarter,
                                          Index input_market) {
  const Economy& economy = *world.economy;
  std::vector<Index> users;
  for (const Input& input : economy.inputs) {
    const Index user = economy.products[at(input.product)].market;
    if (input.market == input_market && std::ranges::find(users, user) == users.end())
      users.push_back(user);
  }
  std::ranges::sort(users);
  std::vector<ContractTalks> talks;
  talks.reserve(users.size());
  for (const Index user : users)
    talks.push_back(describe_talks_with(world, quarter, input_market, user));
  return talks;
}

void price_contracts(const World& world, Quarter& quarter, Index m) {
  const Economy& economy = *world.economy;
  const Market& market = economy.markets[at(m)];
  for (const ContractTalks& talks : describe_talks(world, quarter, m))
    renew(world, market, talks, quarter);
  for (std::size_t i = 0; i < economy.links.size(); ++i) {
    const Link& link = economy.links[i];
    const auto l = static_cast<Index>(i);
    if (!market.sells(link.supplier) || link.buyer < 0) continue;
    quarter.link_price[l] = std::min(quarter.link_list_price[l] * quarter.terms.price_factor[l],
                                     quarter.terms.price_cap[l]);
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

}  // namespace entente::simulation
