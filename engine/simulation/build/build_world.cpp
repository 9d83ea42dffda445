#include "engine/simulation/build/build_world.hpp"

#include <cmath>
#include <fmt/format.h>
#include <limits>
#include <map>

#include "engine/simulation/behaviour/capacity_rule.hpp"
#include "engine/simulation/behaviour/expectation.hpp"
#include "engine/simulation/behaviour/presence.hpp"
#include "engine/simulation/behaviour/pricing_rule.hpp"
#include "engine/simulation/behaviour/research.hpp"
#include "engine/simulation/build/build_entities.hpp"
#include "engine/simulation/build/calibrate.hpp"
#include "engine/simulation/build/check_effects.hpp"
#include "engine/simulation/build/history.hpp"
#include "engine/simulation/build/observed_quantities.hpp"
#include "engine/simulation/markets/consumer_choice.hpp"
#include "engine/simulation/state/terms.hpp"
#include "engine/simulation/steps/input_plan.hpp"
#include "engine/simulation/steps/steps.hpp"

namespace entente::simulation {

using scenario::Faults;
using scenario::Scenario;

namespace {

std::size_t at(Index index) {
  return static_cast<std::size_t>(index);
}

constexpr double memory_limit_bytes = 16.0 * 1024 * 1024 * 1024;
constexpr double most_individuals = 4.2e9;  // their numbers have 32 bits

population::Representation representation(const std::string& text) {
  if (text == "counts") return population::Representation::counts;
  return text == "agents" ? population::Representation::agents : population::Representation::types;
}

void read_population(const Scenario& scenario, Economy& economy, Faults& faults) {
  const scenario::Record& population = scenario.single("population");
  economy.agents = static_cast<std::uint64_t>(population.integer("agents"));
  economy.representation = representation(population.text("representation"));
  economy.individual_tastes = population.text("tastes") == "individual";
  economy.keyed_shocks = population.text("taste_shocks") == "keyed";
  if (economy.keyed_shocks && economy.representation != population::Representation::agents) {
    faults.push_back(population.fault("taste_shocks", "only individuals have shocks of their own",
                                      "representation = \"agents\", or \"integrated\"",
                                      population.text("taste_shocks")));
  }
}

void read_run(const Scenario& scenario, Economy& economy) {
  const scenario::Record& run = scenario.single("run");
  economy.start = run.quarter("start");
  economy.quarters = static_cast<int>(run.integer("quarters"));
  economy.discount_rate = run.number("discount_rate");
  economy.seed = static_cast<std::uint32_t>(run.integer("seed"));
}

/// Whether as many individuals as are asked for have room.
void check_memory(const Scenario& scenario, const Economy& economy, Faults& faults) {
  if (economy.representation != population::Representation::agents) return;
  double bytes_per_agent = 0.0;
  for (const Market& market : economy.markets) {
    if (market.demand == DemandKind::allocation) continue;
    // The product held, tastes two by two, and this quarter's decisions.
    bytes_per_agent += 2.0 + 4.0 * market.turnover;
    if (economy.individual_tastes && consumers_differ(market))
      bytes_per_agent += 4.0 * std::ceil(0.5 * static_cast<double>(market.type_node.cols()));
  }
  const double bytes = static_cast<double>(economy.agents) * bytes_per_agent;
  if (bytes <= memory_limit_bytes && static_cast<double>(economy.agents) <= most_individuals)
    return;
  faults.push_back(
      scenario.single("population")
          .fault("agents",
                 fmt::format("{:.3g} individuals need {:.3g} GiB for each thread",
                             static_cast<double>(economy.agents), bytes / 1073741824.0),
                 fmt::format("at most {:.3g} agents (16 GiB), or representation = "
                             "\"counts\"",
                             std::min(most_individuals, memory_limit_bytes / bytes_per_agent)),
                 fmt::format("{}", economy.agents)));
}

/// A deal's luck must not be another's: hashes of streams may not meet.
void check_streams(const Scenario& scenario, const Economy& economy, Faults& faults) {
  std::map<std::uint64_t, std::string> seen;
  const auto claim = [&](const char* purpose, const char* table, const std::string& id,
                         const std::string& part = {}) {
    const auto [place, fresh] = seen.emplace(population::stream_name(purpose, id + part), id);
    if (!fresh) {
      faults.push_back(scenario.find(table, id)->fault(
          "id",
          fmt::format("random streams of '{}' and '{}' meet; rename one", id, place->second)));
    }
  };
  for (const auto& market : economy.markets) {
    claim("choice", "market", market.id);
    claim("lottery", "market", market.id);
    claim("outside taste shock", "market", market.id);
  }
  for (const auto& partnership : economy.partnerships) {
    claim("formation", "partnership", partnership.id);
    claim("dissolution", "partnership", partnership.id);
  }
  for (const auto& event : economy.events)
    claim("event", "event", event.id);
  for (const auto& shock : economy.shocks)
    claim("shock", "shock", shock.id);
  for (const auto& product : economy.products) {
    claim("research", "product", product.id);
    claim("taste shock", "product", product.id);
  }
  for (const auto& link : economy.links) {
    if (link.account >= 0) continue;  // of a market whose sellers need not qualify
    const Market& market = economy.markets[at(economy.products[at(link.supplier)].market)];
    claim("qualification", "link", link.id);
    for (const Index g : market.generations)
      claim("qualification", "link", link.id, "/" + economy.generations[at(g)].id);
  }
}

void bind_models(const Scenario& scenario, const std::vector<Model>& models, Economy& economy,
                 Faults& faults) {
  for (const Market& market : economy.markets) {
    bool known = false;
    std::string names;
    for (const Model& model : models) {
      known = known || model.id == market.model;
      names += (names.empty() ? "" : ", ") + model.id;
    }
    if (!known) {
      faults.push_back(scenario.find("market", market.id)
                           ->fault("model", "no such model", "one of " + names, market.model));
    }
  }
  for (std::size_t k = 0; k < models.size(); ++k) {
    economy.dynamics.push_back(models[k].bind(scenario, economy, k, faults));
    economy.added_series.push_back(models[k].series);
  }
}

void seat_cells(Market& market) {
  market.cells.products = market.products();
  market.cells.by_product_held = market.demand != DemandKind::allocation;
  market.cells.types = market.demand == DemandKind::allocation
                           ? static_cast<Index>(market.accounts.size())
                           : market.type_weight.size();
}

World observed_world(const std::shared_ptr<const Economy>& economy) {
  const auto products = static_cast<Index>(economy->products.size());
  const auto links = static_cast<Index>(economy->links.size());
  World world;
  world.economy = economy;
  world.price.resize(products);
  world.quantity.resize(products);
  world.base_share.resize(products);
  world.capacity.resize(products);
  for (Index p = 0; p < products; ++p) {
    const Product& product = economy->products[at(p)];
    world.price[p] = product.price;
    world.quantity[p] = product.quantity;
    world.base_share[p] = product.base_share;
    world.capacity[p] = product.capacity;
  }
  world.signed_price = world.price;
  world.orders = world.quantity;
  world.choice_share =
      Eigen::VectorXd::Constant(products, std::numeric_limits<double>::quiet_NaN());
  world.holders = Eigen::VectorXd::Ones(static_cast<Index>(economy->markets.size()));
  world.quality = Eigen::VectorXd::Zero(products);
  world.scarcity = Eigen::VectorXd::Zero(products);
  world.deliverable = Eigen::VectorXd::Constant(products, std::numeric_limits<double>::infinity());
  world.link_price.resize(links);
  world.link_volume.resize(links);
  world.link_access = Eigen::MatrixXd::Zero(links, static_cast<Index>(economy->most_generations));
  for (Index l = 0; l < links; ++l) {
    world.link_price[l] = economy->links[at(l)].price;
    world.link_volume[l] = economy->links[at(l)].volume;
    const std::vector<bool>& qualified = economy->links[at(l)].qualified_for;
    for (std::size_t g = 0; g < qualified.size(); ++g)
      world.link_access(l, static_cast<Index>(g)) = qualified[g] ? 1.0 : 0.0;
  }
  world.account_stock = Eigen::VectorXd::Zero(static_cast<Index>(economy->accounts.size()));
  start_presence(world);
  start_construction(world);
  world.partnerships.resize(economy->partnerships.size());
  world.events.resize(economy->events.size());
  world.shock = Eigen::VectorXd::Zero(static_cast<Index>(economy->shocks.size()));
  world.model_state.resize(economy->dynamics.size());
  for (const Market& market : economy->markets) {
    population::Population population;
    population.cells = market.cells;
    population.holding = Eigen::VectorXd::Zero(market.cells.count());
    population.choice_stream = population::stream_name("choice", market.id);
    population.lottery_stream = population::stream_name("lottery", market.id);
    world.populations.push_back(std::move(population));
  }
  return world;
}

/// Consumers (or potential purchases) such that quarter 0's active buyers buy what was observed.
void size_potentials(Economy& economy, const Quarter& quarter) {
  for (std::size_t m = 0; m < economy.markets.size(); ++m) {
    Market& market = economy.markets[m];
    if (market.given_preferences) continue;
    market.potential = market.quantity / (1.0 - market.outside_share);
    if (market.demand == DemandKind::durable) market.potential /= quarter.activity[m].hazard;
  }
}

/// What makers hold of inputs bought ahead, what is due to them, and shared resources.
void set_supply_state(const Economy& economy, World& world) {
  const auto inputs = static_cast<Index>(economy.inputs.size());
  world.input_stock = Eigen::VectorXd::Zero(inputs);
  world.input_stock_value = Eigen::VectorXd::Zero(inputs);
  for (Index i = 0; i < inputs; ++i) {
    const Input& input = economy.inputs[at(i)];
    world.input_stock[i] = input.initial_cover * input_quantity_per_unit(economy, input) *
                           economy.products[at(input.product)].quantity;
    world.input_stock_value[i] = world.input_stock[i] * input.initial_price *
                                 economy.markets[at(input.market)].usd_bn_per_currency_unit;
  }
  world.resource_capacity.resize(static_cast<Index>(economy.resources.size()));
  for (std::size_t r = 0; r < economy.resources.size(); ++r)
    world.resource_capacity[static_cast<Index>(r)] = economy.resources[r].capacity;
  world.due = initial_orders_due(world);
}

/// Uses of allocation and base shares of products that have no installed base of their own.
void set_base_shares(Economy& economy) {
  for (Product& product : economy.products) {
    const Market& market = economy.markets[at(product.market)];
    if (market.quantity > 0.0 && !market.given_preferences)
      product.base_share = product.quantity / market.quantity;
  }
}

/// Part of the consumers who hold some product before quarter 0.
void count_holders(Economy& economy, World& world) {
  for (std::size_t m = 0; m < economy.markets.size(); ++m) {
    Market& market = economy.markets[m];
    if (!market.cells.by_product_held) continue;
    double without = 0.0;
    for (Index type = 0; type < market.cells.types; ++type)
      without += world.populations[m].holding[market.cells.of(type, market.products())];
    market.initial_holders = 1.0 - without;
    world.holders[static_cast<Index>(m)] = market.initial_holders;
  }
}

/// Whole consumers for the holdings of quarter 0. Those of an account are alike, so that counting
/// them is the same as following each; they are seated every quarter, by its volume.
void seat_consumers(const Economy& economy, World& world) {
  if (economy.representation == population::Representation::types) return;
  for (population::Population& population : world.populations) {
    if (!population.cells.by_product_held) {
      population.representation = population::Representation::counts;
      continue;
    }
    population.representation = economy.representation;
    if (economy.representation == population::Representation::counts) {
      population::seat_counts(population, economy.agents);
    }
  }
}

void calibrate(const Scenario& scenario, const std::vector<Eigen::MatrixXd>& bought,
               Economy& economy, World& world, Faults& faults) {
  for (const auto& model : economy.dynamics)
    model->initialise(world);
  Quarter quarter;
  expect_quarter(world, quarter);
  calibrate_preferences(scenario, bought, economy, world, quarter, faults);
  if (!faults.empty()) return;
  size_potentials(economy, quarter);
  count_holders(economy, world);
  for (std::size_t p = 0; p < economy.products.size(); ++p) {
    world.base_share[static_cast<Index>(p)] = economy.products[p].base_share;
  }
  for (const auto& model : economy.dynamics)
    model->initialise(world);
  expect_quarter(world, quarter);
  calibrate_costs(scenario, economy, world, quarter, faults);
  if (!faults.empty()) return;
  for (const auto& model : economy.dynamics)
    model->initialise(world);
  start_expectations(quarter, world);
  start_research(scenario, economy, world);
  start_markups(quarter, world);
  set_supply_state(economy, world);
  check_defaults(scenario, economy, faults);
  check_capacities(scenario, economy, faults);
  seat_consumers(economy, world);
}

}  // namespace

BuildResult build_world(const Scenario& scenario, const std::vector<Model>& models) {
  BuildResult result;
  auto economy = std::make_shared<Economy>();
  read_run(scenario, *economy);
  read_population(scenario, *economy, result.faults);
  build_entities(scenario, *economy, result.faults);
  if (economy->firms.empty() || economy->markets.empty()) return result;
  build_partnerships(scenario, *economy, result.faults);
  build_events(scenario, *economy, result.faults);
  build_shocks(scenario, *economy, result.faults);
  check_memory(scenario, *economy, result.faults);
  check_streams(scenario, *economy, result.faults);
  check_history(scenario, *economy, result.faults);
  if (!result.faults.empty()) return result;
  const std::vector<Eigen::MatrixXd> bought = observe_quantities(scenario, *economy, result.faults);
  if (!result.faults.empty()) return result;
  for (Market& market : economy->markets)
    seat_cells(market);
  set_base_shares(*economy);
  bind_models(scenario, models, *economy, result.faults);
  if (!result.faults.empty()) return result;
  World world = observed_world(economy);
  calibrate(scenario, bought, *economy, world, result.faults);
  if (result.faults.empty()) result.world = std::move(world);
  return result;
}

}  // namespace entente::simulation
