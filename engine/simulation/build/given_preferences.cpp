#include "engine/simulation/build/given_preferences.hpp"

#include <algorithm>
#include <cmath>
#include <fmt/format.h>
#include <vector>

#include "engine/market/capacity.hpp"
#include "engine/simulation/build/calibrate.hpp"
#include "engine/simulation/build/tastes.hpp"
#include "engine/simulation/markets/market_demand.hpp"
#include "engine/simulation/markets/posted_market.hpp"
#include "engine/simulation/supply/input_cost.hpp"

namespace entente::simulation {

using scenario::Entry;
using scenario::Faults;
using scenario::Scenario;
using scenario::Type;

namespace {

constexpr double whole = 100.0;
constexpr double rounding = 1e-8;  // of percent

std::size_t at(Index index) {
  return static_cast<std::size_t>(index);
}

void refuse(const Entry& entry, const std::vector<const char*>& keys, const std::string& why,
            Faults& faults) {
  for (const char* key : keys) {
    if (entry.has(key)) faults.push_back(entry.fault(key, why));
  }
}

void require(const Entry& entry, const std::vector<const char*>& keys, Faults& faults) {
  for (const char* key : keys) {
    if (!entry.has(key))
      faults.push_back(entry.fault(key, "a market with given preferences needs it"));
  }
}

void check_given_market(const Entry& entry, const Market& market, Faults& faults) {
  if (market.demand == DemandKind::allocation || market.pricing == PricingKind::contract) {
    faults.push_back(entry.fault("preferences", "only consumers' preferences can be given",
                                 "a durable or subscription market without contracts"));
  }
  refuse(entry,
         {"size", "revenue_usd_bn", "own_elasticity", "own_elasticity_of", "category_elasticity",
          "churn"},
         "an outcome where preferences are given", faults);
  if (entry.number("shock_persistence") < 1.0) {
    faults.push_back(
        entry.fault("shock_persistence", "where preferences are given quarter 0 has no shock"));
  }
  require(entry, {"price_sensitivity", "consumers"}, faults);
}

void check_given_product(const Entry& entry, const Market& market, const Product& product,
                         Faults& faults) {
  refuse(entry, {"share", "volume", "entry", "entry_share"},
         "an outcome where preferences are given", faults);
  require(entry, {"unit_cost"}, faults);
  if (market.price_term == market::PriceTerm::log && product.price <= 0.0)
    faults.push_back(entry.fault("price", "a log price term needs a price above 0"));
}

/// What would have to know the quantities before preferences give them.
void check_supply(const Scenario& scenario, const Economy& economy, Faults& faults) {
  for (const Input& input : economy.inputs) {
    const Market& user = economy.markets[at(economy.products[at(input.product)].market)];
    if (!user.given_preferences ||
        economy.markets[at(input.market)].pricing != PricingKind::contract) {
      continue;
    }
    faults.push_back(scenario.find("input", input.id)
                         ->fault("product",
                                 "contracts need to know what is made in quarter 0, which given "
                                 "preferences do not state",
                                 "a product of a market with observed preferences"));
  }
  for (const Resource& resource : economy.resources) {
    if (!economy.markets[at(resource.market)].given_preferences) continue;
    faults.push_back(
        scenario.find("resource", resource.id)
            ->fault("market", "shared resources are of markets with observed preferences"));
  }
}

/// Prices at which sellers who look at demand answer each other and those who do not.
Eigen::VectorXd initial_prices(const World& world, const Quarter& quarter, Index m) {
  const Market& market = world.economy->markets[at(m)];
  Eigen::VectorXd settled = settled_prices(world, quarter, m);
  if (settled.allFinite()) return settled;
  PostedMarket posted = describe_posted_market(world, quarter, m);
  hold_settled_prices(settled, posted);
  return market::compute_capacity_prices(posted.demand, posted.supply,
                                         active_buyers(world, quarter, m),
                                         market::make_product_capacities(posted.capacity),
                                         world.price.segment(market.first, market.products()))
      .prices.price;
}

/// Bought in quarter 0, or subscribed at its end, before any rationing.
void set_quantities(Economy& economy, World& world, const Quarter& quarter, Index m) {
  Market& market = economy.markets[at(m)];
  const population::Population& population = world.populations[at(m)];
  const population::Activity& activity = quarter.activity[at(m)];
  const Eigen::VectorXd active = population::expected_active(population, activity);
  const double staying = market.demand == DemandKind::subscription
                             ? (1.0 - activity.newcomers) * (1.0 - activity.hazard)
                             : 0.0;
  market.quantity = 0.0;
  for (Index j = 0; j < market.products(); ++j) {
    const Index p = market.first + j;
    Product& product = economy.products[at(p)];
    const double held = market.initial_holders * product.base_share;
    const double bought = active.dot(market.initial_share.row(j).matrix());
    product.quantity = quarter.potential[m] * (bought + staying * held);
    world.quantity[p] = product.quantity;
    world.orders[p] = product.quantity;
    market.quantity += product.quantity;
  }
}

}  // namespace

std::vector<scenario::Field> given_preference_market_fields() {
  return {
      {.key = "preferences",
       .type = Type::choice,
       .meaning = "observed: inverted from shares and elasticities, so that quarter 0 is as "
                  "observed; given: by price_sensitivity, inertia, nest, tastes and the products' "
                  "mean_utility, so that quarter 0 follows from them.",
       .default_value = "\"observed\"",
       .choices = {"observed", "given"}},
      {.key = "price_sensitivity",
       .type = Type::figure,
       .unit = "none, or per currency unit",
       .meaning = "Given preferences: mean over consumers of η (price_term log) or α (linear).",
       .minimum = 0,
       .exclusive_minimum = true},
      {.key = "consumers",
       .type = Type::figure,
       .unit = "the market's unit",
       .meaning = "Given preferences: how many consumers there are in quarter 0.",
       .minimum = 0,
       .exclusive_minimum = true,
       .drawn = scenario::Drawn::by_range},
      {.key = "network_of",
       .type = Type::choice,
       .meaning = "What a base share in the network term is a share of: of those who hold a "
                  "product, or of all consumers.",
       .default_value = "\"holders\"",
       .choices = {"holders", "consumers"}},
  };
}

std::vector<scenario::Field> given_preference_product_fields() {
  return {{.key = "mean_utility",
           .type = Type::figure,
           .unit = "utility",
           .meaning = "Given preferences: utility δ beside price, tastes, inertia and what the "
                      "base adds or loses after quarter 0; default 0, that of the outside good."}};
}

void check_preferences(const Scenario& scenario, const Economy& economy, Faults& faults) {
  const std::string observed = "known from what is observed, unless preferences = \"given\"";
  for (const Market& market : economy.markets) {
    const Entry& entry = *scenario.find("market", market.id);
    if (market.given_preferences) {
      check_given_market(entry, market, faults);
    } else {
      refuse(entry, {"price_sensitivity", "consumers"}, observed, faults);
    }
    for (Index p = market.first; p < market.last; ++p) {
      const Product& product = economy.products[at(p)];
      const Entry& own = *scenario.find("product", product.id);
      if (market.given_preferences) {
        check_given_product(own, market, product, faults);
      } else {
        refuse(own, {"mean_utility"}, observed, faults);
      }
    }
  }
  check_supply(scenario, economy, faults);
}

void read_given_base(const Scenario& scenario, Economy& economy, Market& market, Faults& faults) {
  bool given = false;
  double total = 0.0;
  for (Index p = market.first; p < market.last; ++p) {
    Product& product = economy.products[at(p)];
    const Entry& entry = *scenario.find("product", product.id);
    given = given || entry.has("base_share");
    product.base_share = entry.number_or("base_share", 0.0) / whole;
    product.quantity = 1.0;
    total += product.base_share;
  }
  market.quantity = static_cast<double>(market.products());
  if (total > 1.0 + rounding / whole) {
    faults.push_back(scenario.find("market", market.id)
                         ->fault("preferences", "base shares of its products exceed all consumers",
                                 "base shares that sum to at most 100",
                                 fmt::format("{:.10g}", whole * total)));
  }
  market.initial_holders = given ? total : 1.0;
  for (Index p = market.first; p < market.last; ++p) {
    double& share = economy.products[at(p)].base_share;
    if (!given) share = 1.0 / static_cast<double>(market.products());
    if (given && total > 0.0) share /= total;
  }
}

void adopt_given_preferences(const Scenario& scenario, const Economy& economy, Market& market,
                             population::Population& population) {
  const Entry& entry = *scenario.find("market", market.id);
  const population::Cells& cells = market.cells;
  market.nest = entry.number("nest");
  market.inertia = market.nest * entry.number("inertia");
  market.sensitivity = entry.number("price_sensitivity");
  market.cell_utility = utility_of_tastes(market);
  market.sensitivity_by_cell.resize(cells.count());
  market.mean_utility.resize(market.products());
  Eigen::VectorXd base(market.products() + 1);
  for (Index j = 0; j < market.products(); ++j) {
    const Product& product = economy.products[at(market.first + j)];
    market.mean_utility[j] = scenario.find("product", product.id)->number_or("mean_utility", 0.0);
    base[j] = market.initial_holders * product.base_share;
  }
  base[market.products()] = std::max(0.0, 1.0 - market.initial_holders);  // rounding only
  for (Index cell = 0; cell < cells.count(); ++cell) {
    const Index type = cells.type_of(cell);
    market.sensitivity_by_cell[cell] = market.sensitivity * market.type_sensitivity[type];
    population.holding[cell] = market.type_weight[type] * base[cells.held_by(cell)];
  }
}

void start_given_market(const Scenario& scenario, Economy& economy, World& world, Quarter& quarter,
                        Index m, Faults& faults) {
  Market& market = economy.markets[at(m)];
  for (Index p = market.first; p < market.last; ++p) {
    Product& product = economy.products[at(p)];
    const double inputs = cost_of_inputs(world, quarter, p);
    product.cost_beside_inputs = product.unit_cost - inputs;
    quarter.marginal_cost[p] = product.unit_cost;
    if (product.cost_beside_inputs > 0.0) continue;
    faults.push_back(scenario.find("product", product.id)
                         ->fault("unit_cost", "the inputs of a unit cost more",
                                 fmt::format("above {:.6g}", inputs),
                                 fmt::format("{:.6g}", product.unit_cost)));
  }
  if (!faults.empty()) return;
  const Eigen::VectorXd prices = initial_prices(world, quarter, m);
  for (Index j = 0; j < market.products(); ++j) {
    const Index p = market.first + j;
    economy.products[at(p)].price = prices[j];
    world.price[p] = prices[j];
    world.signed_price[p] = prices[j];
    quarter.price[p] = prices[j];
  }
  remember_initial_choice(world, quarter, market, m);
  set_quantities(economy, world, quarter, m);
  for (Index p = market.first; p < market.last; ++p) {
    Product& product = economy.products[at(p)];
    set_fixed_cost(*scenario.find("product", product.id), market, product.unit_cost, product,
                   faults);
  }
}

}  // namespace entente::simulation
