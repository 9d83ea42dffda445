#include <algorithm>
#include <cmath>
#include <fmt/format.h>
#include <limits>

#include "engine/market/calibration.hpp"
#include "engine/market/elementary.hpp"
#include "engine/market/failure.hpp"
#include "engine/market/mean_utility.hpp"
#include "engine/simulation/build/calibrate.hpp"
#include "engine/simulation/build/given_preferences.hpp"
#include "engine/simulation/build/initial_holding.hpp"
#include "engine/simulation/build/tastes.hpp"

namespace entente::simulation {

using scenario::Entry;

namespace {

constexpr double not_offered = -std::numeric_limits<double>::infinity();

std::size_t at(Index index) {
  return static_cast<std::size_t>(index);
}

Eigen::VectorXd observed_prices(const Economy& economy, const Market& market) {
  Eigen::VectorXd prices(market.products());
  for (Index j = 0; j < market.products(); ++j) {
    prices[j] = market.free ? 1.0 : economy.products[at(market.first + j)].price;
  }
  return prices;
}

Eigen::VectorXd unit_shares(const Economy& economy, const Market& market) {
  Eigen::VectorXd shares(market.products());
  for (Index j = 0; j < market.products(); ++j) {
    shares[j] = economy.products[at(market.first + j)].quantity / market.quantity;
  }
  return shares;
}

/// The elasticities and the product they hold for; the largest that sets its own price by default.
void read_elasticities(const Entry& entry, const Economy& economy, const Market& market,
                       market::DemandTargets& targets) {
  Index product = -1;
  if (entry.has("own_elasticity_of")) {
    product = *economy.find_product(entry.text("own_elasticity_of")) - market.first;
  } else {
    for (Index j = 0; j < market.products(); ++j) {
      const Product& candidate = economy.products[at(market.first + j)];
      if (candidate.pricing == ProductPricing::at_cost) continue;
      if (product < 0 ||
          candidate.quantity > economy.products[at(market.first + product)].quantity) {
        product = j;
      }
    }
  }
  targets.own_elasticity = {product, entry.number("own_elasticity")};
  if (entry.has("category_elasticity")) {
    targets.category_elasticity = entry.number("category_elasticity");
  }
  targets.nest = entry.number("nest");
  targets.inertia = entry.number("inertia");
}

void adopt(const market::CalibratedDemand& calibrated, Market& market) {
  market.nest = calibrated.nest;
  market.inertia = calibrated.inertia;
  market.sensitivity = calibrated.price_sensitivity;
  market.sensitivity_by_cell = calibrated.demand.price_sensitivity;
  market.mean_utility = calibrated.mean_utility;
  market.cell_utility = calibrated.cell_utility;
}

/// Accounts: each cell's own mix is observed, so every utility is inverted in closed form.
void calibrate_accounts(const Entry& entry, const Eigen::MatrixXd& bought, const Economy& economy,
                        Market& market) {
  const Index count = market.products();
  const auto cells = static_cast<Index>(market.accounts.size());
  Eigen::ArrayXXd shares(count, cells);
  Eigen::VectorXd weight(cells);
  for (Index a = 0; a < cells; ++a) {
    weight[a] = bought.row(a).sum() / market.quantity;
    shares.col(a) =
        bought.row(a).transpose().array() / bought.row(a).sum() * (1.0 - market.outside_share);
  }
  if (market.free) {
    market.sensitivity = 1.0;
    market.sensitivity_by_cell = Eigen::VectorXd::Ones(cells);
    market.mean_utility = Eigen::VectorXd::Zero(count);
    market.cell_utility.resize(count, cells);
    for (Index a = 0; a < cells; ++a) {
      for (Index j = 0; j < count; ++j) {
        const double outside = market.outside_share > 0.0 ? market.outside_share : 1.0;
        market.cell_utility(j, a) =
            shares(j, a) > 0.0 ? market::deterministic_log(shares(j, a) / outside) : not_offered;
      }
    }
    return;
  }
  market::DemandTemplate structure;
  structure.price_term = market.price_term;
  structure.outside_good = market.outside_share > 0.0;
  structure.weight = weight;
  structure.sensitivity_multiplier = Eigen::VectorXd::Ones(cells);
  structure.current_product = Eigen::VectorXi::Constant(cells, -1);
  structure.offset = (shares > 0.0).select(Eigen::ArrayXXd::Zero(count, cells), not_offered);
  market::DemandTargets targets;
  targets.prices = observed_prices(economy, market);
  targets.shares = unit_shares(economy, market) * (1.0 - market.outside_share);
  targets.cell_shares = shares;
  read_elasticities(entry, economy, market, targets);
  adopt(market::calibrate_demand(structure, targets), market);
}

/// What active consumers bought in quarter 0, J, fractions of active consumers. Subscriptions:
/// gross flows are what turns last quarter's base into this quarter's.
Eigen::VectorXd observed_flows(const Economy& economy, const Market& market,
                               const population::Activity& activity, const Eigen::VectorXd& base) {
  Eigen::VectorXd shares = unit_shares(economy, market) * (1.0 - market.outside_share);
  if (market.demand == DemandKind::durable) return shares;
  const double active = activity.newcomers + (1.0 - activity.newcomers) * activity.hazard;
  const double staying = (1.0 - activity.newcomers) * (1.0 - activity.hazard);
  return (shares - staying * base.head(market.products())) / active;
}

/// Base before quarter 0 over products and none, J+1.
Eigen::VectorXd observed_base(const scenario::Scenario& scenario, Economy& economy,
                              const Market& market, scenario::Faults& faults) {
  Eigen::VectorXd base = Eigen::VectorXd::Zero(market.products() + 1);
  const Eigen::VectorXd shares = unit_shares(economy, market);
  bool given = false;
  for (Index j = 0; j < market.products(); ++j) {
    const Entry& entry = *scenario.find("product", economy.products[at(market.first + j)].id);
    given = given || entry.has("base_share");
    base[j] = entry.has("base_share") ? entry.number("base_share") / 100.0 : shares[j];
  }
  const double total = base.sum();
  if (given && std::abs(total - 1.0) > 1e-8) {
    faults.push_back(scenario.find("market", market.id)
                         ->fault("name", "base shares of its products do not sum",
                                 "base_share for every product, summing to 100",
                                 fmt::format("{:.10g}", 100.0 * total)));
  }
  base /= total;
  for (Index j = 0; j < market.products(); ++j) {
    economy.products[at(market.first + j)].base_share = base[j];
  }
  const double without = market.demand == DemandKind::subscription ? market.outside_share : 0.0;
  base *= 1.0 - without;
  base[market.products()] = without;
  return base;
}

Eigen::ArrayXXd with_outside(const market::Choice& choice) {
  Eigen::ArrayXXd probability(choice.cell_share.rows() + 1, choice.cell_share.cols());
  probability.topRows(choice.cell_share.rows()) = choice.cell_share;
  probability.bottomRows(1) = 1.0 - choice.cell_share.colwise().sum();
  return probability;
}

market::DemandTemplate consumer_template(const Market& market) {
  const population::Cells& cells = market.cells;
  market::DemandTemplate structure;
  structure.price_term = market.price_term;
  structure.outside_good = market.outside_share > 0.0;
  structure.sensitivity_multiplier.resize(cells.count());
  structure.current_product.resize(cells.count());
  structure.offset = utility_of_tastes(market);
  for (Index cell = 0; cell < cells.count(); ++cell) {
    structure.sensitivity_multiplier[cell] = market.type_sensitivity[cells.type_of(cell)];
    const Index held = cells.held_by(cell);
    structure.current_product[cell] = held == cells.products ? -1 : static_cast<int>(held);
  }
  return structure;
}

/// Durables: preferences are those that keep the base as it is; what quarter 0 bought beyond them
/// is a passing shock.
void set_passing_shock(const market::CalibratedDemand& calibrated, const Eigen::VectorXd& prices,
                       const Eigen::VectorXd& observed, Market& market) {
  market::Demand demand = calibrated.demand;
  demand.utility.colwise() -= calibrated.mean_utility.array();
  market.initial_shock =
      market::compute_mean_utility(demand, prices, observed) - calibrated.mean_utility;
}

/// Purchases that keep a durable's base as it is, J: as many buy a product as holders of it renew.
Eigen::VectorXd keeping_purchases(const population::Cells& cells, const Eigen::VectorXd& holding,
                                  const market::Choice& choice, double outside_share) {
  Eigen::VectorXd renewing = Eigen::VectorXd::Zero(cells.products);
  for (Index type = 0; type < cells.types; ++type) {
    for (Index j = 0; j < cells.products; ++j) {
      const Index cell = cells.of(type, j);
      renewing[j] += holding[cell] * choice.cell_share.col(cell).sum();
    }
  }
  return renewing * ((1.0 - outside_share) / renewing.sum());
}

/// Consumers: tastes and holdings belong together, so the holdings of each type are those it would
/// drift to, raked to the observed base, and preferences are inverted again until both stand still.
void calibrate_consumers(const Entry& entry, const scenario::Scenario& scenario, Economy& economy,
                         Market& market, population::Population& population,
                         const population::Activity& activity, scenario::Faults& faults) {
  const Eigen::VectorXd base = observed_base(scenario, economy, market, faults);
  market::DemandTemplate structure = consumer_template(market);
  market::DemandTargets targets;
  targets.prices = observed_prices(economy, market);
  const Eigen::VectorXd observed = observed_flows(economy, market, activity, base);
  const bool passing = market.demand == DemandKind::durable && market.shock_persistence < 1.0;
  targets.shares =
      passing ? Eigen::VectorXd(base.head(market.products()) * (1.0 - market.outside_share))
              : observed;
  for (Index j = 0; j < market.products(); ++j) {
    if (targets.shares[j] <= 0.0) {
      throw market::Infeasible(
          fmt::format("'{}' kept more of its base than turnover allows; its share a quarter "
                      "earlier must be lower, "
                      "or the turnover higher",
                      economy.products[at(market.first + j)].id));
    }
  }
  read_elasticities(entry, economy, market, targets);
  if (entry.has("churn")) targets.repeat_share = 1.0 - entry.number("churn") / activity.hazard;
  const auto rule = market.demand == DemandKind::durable ? population::WithoutPurchase::keeps
                                                         : population::WithoutPurchase::gives_up;
  population.holding =
      rake_holding(market.cells, market.type_weight * base.transpose(), market.type_weight, base);
  constexpr int rounds = 200;
  constexpr double still = 1e-12;
  market::CalibratedDemand calibrated;
  for (int round = 0; round < rounds; ++round) {
    structure.weight = population::expected_active(population, activity);
    calibrated = market::calibrate_demand(structure, targets);
    if (market.cells.types == 1 && !passing) break;
    const market::Choice choice = market::compute_choice(calibrated.demand, targets.prices);
    const Eigen::VectorXd moved = rake_holding(
        market.cells, stationary_holding(market.cells, with_outside(choice), activity, rule),
        market.type_weight, base);
    double change = (moved - population.holding).cwiseAbs().maxCoeff();
    if (passing) {
      const Eigen::VectorXd keeping =
          keeping_purchases(market.cells, population.holding, choice, market.outside_share);
      change = std::max(change, (keeping - targets.shares).cwiseAbs().maxCoeff());
      targets.shares = keeping;
    }
    if (change < still) break;
    if (round + 1 == rounds) {
      throw market::NoConvergence(
          "initial holdings by type do not settle; lower taste_spread or "
          "inertia",
          change, rounds);
    }
    population.holding = moved;
  }
  adopt(calibrated, market);
  if (passing) set_passing_shock(calibrated, targets.prices, observed, market);
}

/// An entrant's utility: at quarter 0's prices it would get its entry share of each buyer it can
/// sell to.
void place_entrants(const scenario::Scenario& scenario, const Economy& economy, Market& market) {
  const Eigen::VectorXd prices = observed_prices(economy, market);
  const market::Demand demand{.price_term = market.price_term,
                              .nesting = Eigen::VectorXd::Constant(1, market.nest),
                              .nest = {},
                              .outside_good = market.outside_share > 0.0,
                              .weight = Eigen::VectorXd::Ones(market.cell_utility.cols()),
                              .price_sensitivity = market.sensitivity_by_cell,
                              .utility = market.cell_utility};
  const market::Choice choice = market::compute_choice(demand, prices);
  for (Index j = 0; j < market.products(); ++j) {
    const Product& product = economy.products[at(market.first + j)];
    if (product.entry_share <= 0.0) continue;
    const auto& only_for = scenario.find("product", product.id)->list("only_for");
    for (std::size_t a = 0; a < market.accounts.size(); ++a) {
      const std::string& account = economy.accounts[at(market.accounts[a])].id;
      if (!only_for.empty() && std::ranges::find(only_for, account) == only_for.end()) continue;
      const auto cell = static_cast<Index>(a);
      // The nest's inclusive value ln D follows from any product sold to the cell.
      Index sold = 0;
      choice.cell_share.col(cell).maxCoeff(&sold);
      const double inside = choice.cell_share.col(cell).sum();
      const double price_utility = [&](Index k) {
        return market.price_term == market::PriceTerm::log
                   ? market.sensitivity_by_cell[cell] * market::deterministic_log(prices[k])
                   : market.sensitivity_by_cell[cell] * prices[k];
      }(sold);
      const double own_price_utility =
          market.price_term == market::PriceTerm::log
              ? market.sensitivity_by_cell[cell] * market::deterministic_log(prices[j])
              : market.sensitivity_by_cell[cell] * prices[j];
      const double rival = choice.cell_share(sold, cell) / inside;
      const double odds = product.entry_share / (1.0 - product.entry_share) / rival;
      market.cell_utility(j, cell) = market.cell_utility(sold, cell) - price_utility +
                                     market.nest * market::deterministic_log(odds) +
                                     own_price_utility;
    }
  }
}

void check_only_for(const scenario::Scenario& scenario, const Economy& economy,
                    const Market& market, const Eigen::MatrixXd& bought, scenario::Faults& faults) {
  for (Index j = 0; j < market.products(); ++j) {
    const Entry& entry = *scenario.find("product", economy.products[at(market.first + j)].id);
    const auto& only_for = entry.list("only_for");
    for (std::size_t a = 0; a < market.accounts.size() && !only_for.empty(); ++a) {
      const std::string& account = economy.accounts[at(market.accounts[a])].id;
      if (std::ranges::find(only_for, account) == only_for.end() &&
          bought(static_cast<Index>(a), j) > 0.0) {
        faults.push_back(
            entry.fault("only_for", fmt::format("account '{}' buys it in quarter 0", account)));
      }
    }
  }
}

}  // namespace

void calibrate_preferences(const scenario::Scenario& scenario,
                           const std::vector<Eigen::MatrixXd>& bought, Economy& economy,
                           World& world, const Quarter& quarter, scenario::Faults& faults) {
  for (std::size_t m = 0; m < economy.markets.size(); ++m) {
    Market& market = economy.markets[m];
    const Entry& entry = *scenario.find("market", market.id);
    if (market.pricing == PricingKind::contract) continue;
    if (market.given_preferences) {
      adopt_given_preferences(scenario, economy, market, world.populations[m]);
      continue;
    }
    if (!market.free && !entry.has("own_elasticity")) {
      faults.push_back(
          entry.fault("own_elasticity", "a market with prices needs an own_elasticity"));
      continue;
    }
    try {
      if (market.demand == DemandKind::allocation) {
        calibrate_accounts(entry, bought[m], economy, market);
        check_only_for(scenario, economy, market, bought[m], faults);
        place_entrants(scenario, economy, market);
      } else {
        calibrate_consumers(entry, scenario, economy, market, world.populations[m],
                            quarter.activity[m], faults);
      }
    } catch (const market::MarketFailure& failure) {
      faults.push_back(entry.fault(
          "own_elasticity",
          fmt::format("market '{}' cannot be calibrated: {}", market.id, failure.what())));
      continue;
    }
    // The observed quarter has its season in it.
    Eigen::VectorXd& seasonal =
        market.initial_shock.size() > 0 ? market.initial_shock : market.mean_utility;
    seasonal -= quarter.demand_shift.segment(market.first, market.products());
  }
}

}  // namespace entente::simulation
