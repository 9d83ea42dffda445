#pragma once

#include <Eigen/Core>
#include <vector>

#include "engine/market/demand.hpp"
#include "engine/population/population.hpp"
#include "engine/simulation/state/terms.hpp"
#include "engine/simulation/state/world.hpp"

namespace entente::simulation {

/// Everything that happens within one quarter, filled step by step. P products, M markets, L links,
/// A accounts, I inputs, R resources.
struct Quarter {
  // partner
  Terms terms;

  // expectations, set by the engine and the models before prices
  Eigen::VectorXd potential;  // M, consumers or potential purchases, quantity units
  std::vector<population::Activity> activity;  // M
  Eigen::VectorXd account_volume;              // A, potential purchases, quantity units
  Eigen::VectorXd utility_shift;               // P, beside what quality and base shares give
  std::vector<Eigen::ArrayXXd> cell_shift;     // M, J×C, of single buyers; empty: none
  Eigen::VectorXd own_cost_factor;             // P, on marginal cost beside inputs
  Eigen::VectorXd demand_shift;                // P, seasonal part that prices do not chase
  Eigen::VectorXd capacity;                    // P, as events and shocks leave it
  Eigen::VectorXd resource_capacity;           // R, likewise

  // price
  std::vector<market::Demand> demand;  // M, of cells, with the seasonal part; of agents empty
  Eigen::VectorXd input_price;         // I, currency of the supplying market per input unit
  Eigen::VectorXd input_use;           // I, quantity units of the input in one of the product
  Eigen::VectorXd marginal_cost;       // P, currency per unit
  Eigen::VectorXd price;               // P, posted
  Eigen::VectorXd shadow_price;        // P
  Eigen::VectorXd markup_bound_hits;   // P, 1 where a markup met the Bertrand markup
  Eigen::VectorXd link_list_price;     // L, bargained, before discounts and caps of partnerships
  Eigen::VectorXd link_price;          // L, paid
  Eigen::VectorXd pricing_residual;    // M
  Eigen::VectorXd resource_price;      // R, shadow price, currency of its market per resource unit

  // order
  std::vector<population::Purchases> purchases;  // M
  Eigen::VectorXd orders;                        // P, quantity units, before rationing
  Eigen::VectorXd link_orders;                   // L, due this quarter
  Eigen::VectorXd link_new_orders;               // L, placed now for a later quarter
  Eigen::VectorXd production_limit;              // P, own capacity and shared resources
  Eigen::VectorXd resource_wanted;               // R, what orders would take

  // deliver
  Eigen::VectorXd quantity;           // P, delivered (durable, allocation) or subscribed
  Eigen::VectorXd new_quantity;       // P, bought this quarter at this quarter's price
  Eigen::VectorXd unserved;           // P, orders that did not get it
  Eigen::VectorXd link_volume;        // L, delivered
  Eigen::VectorXd link_reserved;      // L, supplier units reserved for the partner on this link
  Eigen::VectorXd link_called;        // L
  Eigen::VectorXd link_paid;          // L, USD bn paid for reserved units not called
  Eigen::VectorXd account_delivered;  // A
  Eigen::VectorXd input_stock;        // I, left at the end

  // settle
  Eigen::VectorXd revenue;                // P, USD bn
  Eigen::VectorXd profit;                 // P, USD bn, before fixed cost
  Eigen::VectorXd fixed_cost;             // P, USD bn, with research and the cost of entry
  Eigen::VectorXd input_purchases;        // I, paid for contract inputs, USD bn
  Eigen::VectorXd input_expense;          // I, cost of the contract inputs used up, USD bn
  Eigen::VectorXd input_stock_value;      // I, paid for what is left, USD bn
  Eigen::VectorXd subsidy;                // P, USD bn of the revenue that public money paid
  Eigen::VectorXd research;               // P, USD bn
  Eigen::VectorXd wholesale;              // P, USD bn of its cost paid to hosts
  Eigen::VectorXd firm_transfers;         // F, USD bn received from partners, sums to 0
  Eigen::VectorXd partnership_transfers;  // K, USD bn moved between the parties
  Eigen::VectorXd surplus_change;         // M, USD bn against quarter 0
};

}  // namespace entente::simulation
