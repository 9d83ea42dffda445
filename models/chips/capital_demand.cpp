#include "models/chips/capital_demand.hpp"

#include <algorithm>

#include "engine/market/elementary.hpp"

namespace entente::models::chips_market {

using scenario::Field;
using scenario::Type;
using simulation::Index;

namespace {
std::size_t at(Index index) {
  return static_cast<std::size_t>(index);
}
}  // namespace

std::vector<Field> CapitalDemand::market_fields() {
  return {{.key = "gap_closing",
           .type = Type::figure,
           .unit = "per quarter",
           .meaning = "Part φ of the gap between wanted and present stock that accounts order.",
           .default_value = "0.3",
           .minimum = 0,
           .maximum = 1,
           .exclusive_minimum = true}};
}

std::vector<Field> CapitalDemand::account_fields() {
  return {
      {.key = "demand_growth",
       .type = Type::figure,
       .unit = "per quarter",
       .meaning = "Exogenous growth of the stock the account wants, first quarter's rate.",
       .default_value = "0",
       .minimum = -0.2,
       .maximum = 1},
      {.key = "demand_growth_fade",
       .type = Type::figure,
       .meaning = "Factor on that growth each quarter.",
       .default_value = "1",
       .minimum = 0,
       .maximum = 1,
       .exclusive_minimum = true,
       .drawn = scenario::Drawn::by_loss},
      {.key = "drivers",
       .type = Type::records,
       .meaning =
           "Products whose use moves the wanted stock: by the log deviation of last quarter's "
           "volume from its market's trend.",
       .fields = {{.key = "product",
                   .type = Type::reference,
                   .meaning = "Product whose use counts.",
                   .required = true,
                   .refers_to = {"product"}},
                  {.key = "weight",
                   .type = Type::figure,
                   .meaning = "Elasticity of the wanted stock to that use.",
                   .required = true,
                   .minimum = 0,
                   .maximum = 2}}},
  };
}

CapitalDemand::CapitalDemand(const scenario::Scenario& scenario, const simulation::Economy& economy,
                             const std::string& model, scenario::Faults& faults) {
  for (std::size_t a = 0; a < economy.accounts.size(); ++a) {
    const Index m = economy.accounts[a].market;
    const simulation::Market& market = economy.markets[at(m)];
    if (market.model != model) continue;
    const scenario::Entry& entry = *scenario.find("account", economy.accounts[a].id);
    Account account{static_cast<Index>(a),
                    m,
                    {entry.number("demand_growth"), entry.number("demand_growth_fade")},
                    scenario.find("market", market.id)->number("gap_closing"),
                    {}};
    if (1.0 / market.life + account.growth.rate <= 0.0) {
      faults.push_back(entry.fault("demand_growth",
                                   "the stock would shrink faster than it wears out",
                                   "above minus one over the market's life"));
    }
    for (const scenario::Record& driver : entry.records("drivers")) {
      account.drivers.push_back(
          {*economy.find_product(driver.text("product")), driver.number("weight")});
    }
    accounts_.push_back(std::move(account));
  }
}

double CapitalDemand::initial_stock(const simulation::Economy& economy, const Account& account) {
  const simulation::Market& market = economy.markets[at(account.market)];
  const double purchases = economy.accounts[at(account.index)].share * market.quantity;
  return purchases / (1.0 / market.life + account.growth.rate);
}

void CapitalDemand::set_initial_stocks(simulation::World& world) const {
  for (const Account& account : accounts_) {
    world.account_stock[account.index] = initial_stock(*world.economy, account);
  }
}

double CapitalDemand::wanted_stock(const simulation::World& world, const Account& account) {
  const simulation::Economy& economy = *world.economy;
  // On the balanced path the gap is what growth adds each quarter.
  double wanted = initial_stock(economy, account) *
                  (1.0 + account.growth.rate / account.gap_closing) *
                  account.growth.factor_until(world.quarter);
  for (const Driver& driver : account.drivers) {
    const simulation::Product& product = economy.products[at(driver.product)];
    const simulation::Market& market = economy.markets[at(product.market)];
    const double trend =
        product.quantity * market.growth.factor_until(std::max(0, world.quarter - 1));
    const double use = std::max(world.quantity[driver.product], 1e-12 * trend);
    wanted *= market::deterministic_exp(driver.weight * market::deterministic_log(use / trend));
  }
  return wanted;
}

void CapitalDemand::expect_volumes(const simulation::World& world,
                                   simulation::Quarter& quarter) const {
  const simulation::Economy& economy = *world.economy;
  for (const Account& account : accounts_)
    quarter.potential[account.market] = 0.0;
  for (const Account& account : accounts_) {
    const simulation::Market& market = economy.markets[at(account.market)];
    const double stock = world.account_stock[account.index];
    // Equipment cannot be sold back: an account with more than it wants waits for wear.
    const double orders = std::max(
        0.0, stock / market.life + account.gap_closing * (wanted_stock(world, account) - stock));
    quarter.account_volume[account.index] = orders / (1.0 - market.outside_share);
    quarter.potential[account.market] += quarter.account_volume[account.index];
  }
}

}  // namespace entente::models::chips_market
