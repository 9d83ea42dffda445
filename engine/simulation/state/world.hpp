#pragma once

#include <Eigen/Core>
#include <memory>
#include <vector>

#include "engine/population/population.hpp"
#include "engine/simulation/state/economy.hpp"

namespace entente::simulation {

/// Where a partnership or an event stands.
struct PartnershipState {
  enum class Stage { announced, active, failed, dissolved } stage = Stage::announced;
  int age = 0;               // quarters since it became active
  double penetration = 0.0;  // of embedded defaults among the host product's users, [0, 1]
};

/// What sellers carry on to expect their orders. P products; orders at the season's mean activity.
struct Outlook {
  Eigen::VectorXd orders;  // P, last quarter's, quantity units
  Eigen::VectorXd level;   // P, smoothed, quantity units
  Eigen::VectorXd growth;  // P, smoothed growth of orders, log points a quarter
  Eigen::MatrixXd error;   // P×3, discounted squared errors of naive, adaptive, trend, percent²
};

/// Whether a product is on the market, and how long it has earned too little.
struct Presence {
  enum class Stage { by_date, outside, inside } stage = Stage::by_date;
  int since = 0;                  // quarter in which a rule moved it in or out
  int losses = 0;                 // quarters in a row beyond the threshold
  double trailing_profit = 0.0;   // USD bn, after fixed cost, discounted by the firm's memory
  double trailing_revenue = 0.0;  // USD bn
};

/// The state at the start of a quarter. A value: copying it forks a history. P products, M markets,
/// L links, A accounts, in the economy's order.
struct World {
  std::shared_ptr<const Economy> economy;
  int quarter = 0;
  std::vector<population::Population> populations;  // M
  Eigen::VectorXd price;                            // P, last posted price, currency per unit
  Eigen::VectorXd signed_price;  // P, mean price of running contracts (subscription)
  Eigen::VectorXd quantity;      // P, last quarter's deliveries or subscribers, quantity units
  Eigen::VectorXd orders;        // P, last quarter's orders before rationing
  Eigen::VectorXd
      choice_share;  // P, part of last quarter's active buyers who took it; NaN at first
  Outlook outlook;
  Eigen::VectorXd base_share;  // P, share of the installed base, or of last quarter's use
  Eigen::VectorXd holders;     // M, part of the consumers who hold some product; 1 for accounts
  Eigen::VectorXd quality;     // P, willingness to pay gained since quarter 0, fraction of price
  Eigen::VectorXd capacity;    // P, quantity units a quarter
  Eigen::MatrixXd under_construction;  // P×longest lag, log points of capacity, next one first
  Eigen::VectorXd markup;              // P, of price over marginal cost, of sellers by markup
  Eigen::VectorXd revenue;             // P, last quarter's, USD bn
  std::vector<Presence> presence;      // P
  Eigen::VectorXd scarcity;     // P, part of the last price that own capacity or inputs added
  Eigen::VectorXd deliverable;  // P, what inputs are expected to allow, quantity units, or +∞
  Eigen::VectorXd link_price;   // L, bargained, before discounts and caps of partnerships
  Eigen::VectorXd link_volume;  // L, last quarter's deliveries
  Eigen::MatrixXd link_access;  // L×G, by generation: 0 unqualified to 1 fully ramped
  Eigen::MatrixXd due;          // L×D, orders placed, column d due d quarters from now
  Eigen::VectorXd input_stock;  // I, bought ahead, quantity units of the input
  Eigen::VectorXd input_stock_value;  // I, what was paid for it, USD bn
  Eigen::VectorXd resource_capacity;  // R, resource units a quarter
  Eigen::VectorXd account_stock;      // A, capital units in use
  std::vector<PartnershipState> partnerships;
  std::vector<PartnershipState> events;
  Eigen::VectorXd shock;                     // one a shock of the economy, utility or log points
  std::vector<Eigen::VectorXd> model_state;  // one a model, its own layout
};

/// A copy of a world that takes its consumers over: there may be too many to keep twice.
World move_on(World& world);

}  // namespace entente::simulation
