#include "engine/simulation/markets/market_demand.hpp"

#include <limits>

#include "engine/market/elementary.hpp"
#include "engine/market/outcome/ownership.hpp"

namespace entente::simulation {

namespace {

constexpr double network_floor = 1e-4;  // a product without base is still noticed
constexpr double never_sold = -std::numeric_limits<double>::infinity();

/// Utility common to all cells beside δ, relative to quarter 0.
double common_shift(const World& world, const Quarter& quarter, const Market& market, Index p) {
  const Economy& economy = *world.economy;
  const Product& product = economy.products[static_cast<std::size_t>(p)];
  double quality = world.quality[p] + quarter.terms.quality[p];
  if (product.complement >= 0) {
    quality += product.complement_value *
               (world.quality[product.complement] + quarter.terms.quality[product.complement]);
  }
  double shift = quarter.utility_shift[p] + quality * utility_of_price(market, product);
  if (market.network > 0.0 && product.quantity > 0.0) {
    const double holders = market.network_of_consumers ? world.holders[product.market] : 1.0;
    const double initial_holders = market.network_of_consumers ? market.initial_holders : 1.0;
    shift += market.network *
             (market::deterministic_log(holders * world.base_share[p] + network_floor) -
              market::deterministic_log(initial_holders * product.base_share + network_floor));
  }
  return shift;
}

/// Utility of a default that moves `points` of an account's use at quarter-0 shares.
double default_utility(double share, double points) {
  const double moved = share + points;
  return market::deterministic_log(moved / (1.0 - moved)) -
         market::deterministic_log(share / (1.0 - share));
}

void add_defaults(const World& world, const Quarter& quarter, const Market& market,
                  market::Demand& demand) {
  for (const Terms::Default& embedded : quarter.terms.defaults) {
    if (!market.sells(embedded.complement)) continue;
    const Index j = embedded.complement - market.first;
    for (std::size_t a = 0; a < market.accounts.size(); ++a) {
      if (world.economy->accounts[static_cast<std::size_t>(market.accounts[a])].host !=
          embedded.host) {
        continue;
      }
      const auto cell = static_cast<Index>(a);
      demand.utility(j, cell) += default_utility(market.initial_share(j, cell), embedded.points);
    }
  }
}

void forbid_bans(const World& world, const Quarter& quarter, const Market& market,
                 market::Demand& demand) {
  for (const Terms::Ban& ban : quarter.terms.bans) {
    if (!market.sells(ban.supplier)) continue;
    for (std::size_t a = 0; a < market.accounts.size(); ++a) {
      const Index account = market.accounts[a];
      const Index firm = world.economy->accounts[static_cast<std::size_t>(account)].firm;
      if ((ban.rival >= 0 && firm == ban.rival) || ban.account == account) {
        demand.utility(ban.supplier - market.first, static_cast<Index>(a)) = never_sold;
      }
    }
  }
}

}  // namespace

double utility_of_price(const Market& market, const Product& product) {
  if (market.free || market.price_term == market::PriceTerm::log) return market.sensitivity;
  return market.sensitivity * product.price;
}

double discount_utility(const Market& market, double sensitivity, double price, double discount) {
  if (discount == 0.0) return 0.0;
  return market.price_term == market::PriceTerm::log
             ? -sensitivity * market::deterministic_log(1.0 - discount)
             : sensitivity * price * discount;
}

bool on_offer(const World& world, const Terms& terms, Index product) {
  const Product& p = world.economy->products[static_cast<std::size_t>(product)];
  if (terms.launched[static_cast<std::size_t>(product)]) return true;
  const Presence::Stage stage = world.presence[static_cast<std::size_t>(product)].stage;
  if (stage == Presence::Stage::by_date) return world.quarter >= p.entry_quarter;
  return stage == Presence::Stage::inside;
}

Eigen::VectorXd common_utility(const World& world, const Quarter& quarter, Index m, Season season) {
  const Market& market = world.economy->markets[static_cast<std::size_t>(m)];
  double shock_left = 1.0;
  for (int k = 0; k < world.quarter; ++k)
    shock_left *= market.shock_persistence;
  Eigen::VectorXd utility(market.products());
  for (Index j = 0; j < market.products(); ++j) {
    const Index p = market.first + j;
    if (!on_offer(world, quarter.terms, p)) {
      utility[j] = never_sold;
      continue;
    }
    utility[j] = market.mean_utility[j] + common_shift(world, quarter, market, p);
    if (season == Season::now) {
      utility[j] += quarter.demand_shift[p];
      if (market.initial_shock.size() > 0) utility[j] += shock_left * market.initial_shock[j];
    }
  }
  return utility;
}

market::Demand build_demand(const World& world, const Quarter& quarter, Index m, Season season) {
  const Market& market = world.economy->markets[static_cast<std::size_t>(m)];
  market::Demand demand;
  demand.price_term = market.price_term;
  demand.nesting(0) = market.nest;
  demand.outside_good = market.outside_share > 0.0;
  demand.price_sensitivity = market.sensitivity_by_cell;
  demand.utility = market.cell_utility;
  if (market.demand == DemandKind::allocation) {
    demand.weight.resize(static_cast<Index>(market.accounts.size()));
    for (std::size_t a = 0; a < market.accounts.size(); ++a) {
      demand.weight[static_cast<Index>(a)] = quarter.account_volume[market.accounts[a]];
    }
    // Where nobody buys, what each would choose is still defined.
    if (demand.weight.sum() <= 0.0) demand.weight.setOnes();
  } else {
    demand.weight = expected_active(world.populations[static_cast<std::size_t>(m)],
                                    quarter.activity[static_cast<std::size_t>(m)]);
  }
  const Eigen::VectorXd common = common_utility(world, quarter, m, season);
  for (Index j = 0; j < market.products(); ++j) {
    const Index p = market.first + j;
    if (common[j] == never_sold) {
      demand.utility.row(j) = never_sold;
      continue;
    }
    for (Index cell = 0; cell < demand.utility.cols(); ++cell) {
      demand.utility(j, cell) +=
          common[j] + discount_utility(market, demand.price_sensitivity[cell], world.price[p],
                                       quarter.terms.discount[p]);
      if (market.cells.by_product_held && market.cells.held_by(cell) == j) {
        demand.utility(j, cell) += market.inertia;
      }
    }
  }
  const Eigen::ArrayXXd& cell_shift = quarter.cell_shift[static_cast<std::size_t>(m)];
  if (cell_shift.size() > 0) demand.utility += cell_shift;
  add_defaults(world, quarter, market, demand);
  forbid_bans(world, quarter, market, demand);
  return demand;
}

double active_buyers(const World& world, const Quarter& quarter, Index m) {
  const Market& market = world.economy->markets[static_cast<std::size_t>(m)];
  if (market.demand == DemandKind::allocation) return quarter.potential[m];
  return quarter.potential[m] * expected_active(world.populations[static_cast<std::size_t>(m)],
                                                quarter.activity[static_cast<std::size_t>(m)])
                                    .sum();
}

StakeMatrices stake_matrices(const World& world, const Terms& terms) {
  const auto firms = static_cast<Index>(world.economy->firms.size());
  StakeMatrices matrices{Eigen::MatrixXd::Identity(firms, firms),
                         Eigen::MatrixXd::Identity(firms, firms)};
  for (const Stake& stake : terms.stakes) {
    matrices.control(stake.holder, stake.firm) += stake.control;
    matrices.control(stake.firm, stake.firm) -= stake.control;
    matrices.interest(stake.holder, stake.firm) += stake.share;
    matrices.interest(stake.firm, stake.firm) -= stake.share;
  }
  return matrices;
}

double held_price(const World& world, const Quarter& quarter, Index p) {
  const Product& product = world.economy->products[static_cast<std::size_t>(p)];
  const Market& market = world.economy->markets[static_cast<std::size_t>(product.market)];
  if (product.pricing == ProductPricing::at_cost) return quarter.marginal_cost[p];
  if (product.pricing == ProductPricing::fixed || market.pricing == PricingKind::given)
    return market.free ? 1.0 : product.price;
  if (!on_offer(world, quarter.terms, p)) return product.price;
  return std::numeric_limits<double>::quiet_NaN();
}

market::Supply build_supply(const World& world, const Quarter& quarter, Index m) {
  const Economy& economy = *world.economy;
  const Market& market = economy.markets[static_cast<std::size_t>(m)];
  const StakeMatrices stakes = stake_matrices(world, quarter.terms);
  Eigen::VectorXi seller(market.products());
  market::Supply supply;
  supply.marginal_cost = quarter.marginal_cost.segment(market.first, market.products());
  supply.received = quarter.terms.received.segment(market.first, market.products());
  supply.fringe.resize(market.products());
  supply.price_fixed.resize(market.products());
  for (Index j = 0; j < market.products(); ++j) {
    const Product& product = economy.products[static_cast<std::size_t>(market.first + j)];
    seller[j] = static_cast<int>(product.firm);
    supply.fringe[j] = product.fringe;
    supply.price_fixed[j] = held_price(world, quarter, market.first + j);
  }
  supply.ownership = market::compute_ownership(stakes.control, stakes.interest, seller);
  return supply;
}

}  // namespace entente::simulation
