#pragma once

#include <Eigen/Core>
#include <vector>

#include "engine/market/demand.hpp"
#include "engine/population/population.hpp"
#include "engine/simulation/terms.hpp"
#include "engine/simulation/world.hpp"

namespace entente::simulation {

/// Everything that happens within one quarter, filled step by step. P products, M markets, L links,
/// A accounts, I inputs.
struct Quarter {
  // partner
  Terms terms;

  // expectations, set by the engine and the models before prices
  Eigen::VectorXd potential;  // M, consumers or potential purchases, quantity units
  std::vector<population::Activity> activity;  // M
  Eigen::VectorXd account_volume;              // A, potential purchases, quantity units
  Eigen::VectorXd utility_shift;               // P, beside what quality and base shares give
  Eigen::VectorXd own_cost_factor;             // P, on marginal cost beside inputs
  Eigen::VectorXd demand_shift;                // P, seasonal part that prices do not chase

  // price
  std::vector<market::Demand> demand;  // M, with the seasonal part
  Eigen::VectorXd input_price;         // I, currency of the supplying market per input unit
  Eigen::VectorXd marginal_cost;       // P, currency per unit
  Eigen::VectorXd price;               // P, posted
  Eigen::VectorXd shadow_price;        // P
  Eigen::VectorXd link_list_price;     // L, bargained, before discounts and caps of partnerships
  Eigen::VectorXd link_price;          // L, paid
  Eigen::VectorXd pricing_residual;    // M

  // order
  std::vector<population::Purchases> purchases;  // M
  Eigen::VectorXd orders;                        // P, quantity units, before rationing
  Eigen::VectorXd link_orders;                   // L

  // deliver
  Eigen::VectorXd quantity;           // P, delivered (durable, allocation) or subscribed
  Eigen::VectorXd new_quantity;       // P, bought this quarter at this quarter's price
  Eigen::VectorXd unserved;           // P, orders that did not get it
  Eigen::VectorXd link_volume;        // L, delivered
  Eigen::VectorXd link_reserved;      // L, supplier units reserved for the partner on this link
  Eigen::VectorXd link_called;        // L
  Eigen::VectorXd link_paid;          // L, USD bn paid for reserved units not called
  Eigen::VectorXd account_delivered;  // A

  // settle
  Eigen::VectorXd revenue;                // P, USD bn
  Eigen::VectorXd profit;                 // P, USD bn, before fixed cost
  Eigen::VectorXd fixed_cost;             // P, USD bn
  Eigen::VectorXd firm_transfers;         // F, USD bn received from partners, sums to 0
  Eigen::VectorXd partnership_transfers;  // K, USD bn moved between the parties
  Eigen::VectorXd surplus_change;         // M, USD bn against quarter 0
};

/// One quarter, from the state at its start to the state at the next; `record` sees both.
World run_quarter(World world, const population::Draws& draws, Quarter& quarter);

}  // namespace entente::simulation
