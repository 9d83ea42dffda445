#include "engine/simulation/model.hpp"
#include "engine/simulation/state/terms.hpp"
#include "engine/simulation/steps/steps.hpp"

namespace entente::simulation {

namespace {

/// Newcomers of a growing subscription market, as a fraction of this quarter's consumers.
double newcomers(const Market& market, int quarter) {
  if (market.demand != DemandKind::subscription) return 0.0;
  const double growth = market.growth.rate_at(quarter > 0 ? quarter - 1 : 0);
  return growth > 0.0 ? growth / (1.0 + growth) : 0.0;
}

/// Exogenous size of every market, who reconsiders, and accounts that follow their host's base.
void expect_usual(const World& world, Quarter& quarter) {
  const Economy& economy = *world.economy;
  const auto markets = static_cast<Index>(economy.markets.size());
  const auto products = static_cast<Index>(economy.products.size());
  quarter.potential.resize(markets);
  quarter.activity.assign(economy.markets.size(), {});
  quarter.account_volume.resize(static_cast<Index>(economy.accounts.size()));
  quarter.utility_shift = Eigen::VectorXd::Zero(products);
  quarter.cell_shift.assign(economy.markets.size(), {});
  quarter.own_cost_factor = Eigen::VectorXd::Ones(products);
  quarter.demand_shift = Eigen::VectorXd::Zero(products);
  quarter.capacity = world.capacity;
  quarter.resource_capacity = world.resource_capacity;
  for (Index m = 0; m < markets; ++m) {
    const Market& market = economy.markets[static_cast<std::size_t>(m)];
    quarter.potential[m] = market.potential * market.growth.factor_until(world.quarter);
    quarter.activity[static_cast<std::size_t>(m)] = {market.turnover,
                                                     newcomers(market, world.quarter)};
    // A market of accounts is as large as they are: hosts gain and lose users.
    const double trend = quarter.potential[m];
    if (!market.accounts.empty()) quarter.potential[m] = 0.0;
    for (const Index a : market.accounts) {
      const Account& account = economy.accounts[static_cast<std::size_t>(a)];
      double volume = account.share * trend;
      if (account.host >= 0) {
        volume *= world.base_share[account.host] /
                  economy.products[static_cast<std::size_t>(account.host)].base_share;
      }
      quarter.account_volume[a] = volume;
      quarter.potential[m] += volume;
    }
  }
}

}  // namespace

void expect_quarter(const World& world, Quarter& quarter) {
  quarter.terms = compute_terms(world);
  expect_usual(world, quarter);
  for (const auto& model : world.economy->dynamics)
    model->expect(world, quarter);
}

}  // namespace entente::simulation
