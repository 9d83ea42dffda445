#pragma once

#include <Eigen/Core>
#include <memory>
#include <vector>

#include "engine/population/population.hpp"
#include "engine/simulation/economy.hpp"

namespace entente::simulation {

/// Where a partnership stands.
struct PartnershipState {
  enum class Stage { announced, active, failed, dissolved } stage = Stage::announced;
  int age = 0;               // quarters since it became active
  double penetration = 0.0;  // of embedded defaults among the host product's users, [0, 1]
};

/// The state at the start of a quarter. A value: copying it forks a history. P products, M markets,
/// L links, A accounts, in the economy's order.
struct World {
  std::shared_ptr<const Economy> economy;
  int quarter = 0;
  std::vector<population::Population> populations;  // M
  Eigen::VectorXd price;                            // P, last posted price, currency per unit
  Eigen::VectorXd signed_price;   // P, mean price of running contracts (subscription)
  Eigen::VectorXd quantity;       // P, last quarter's deliveries or subscribers, quantity units
  Eigen::VectorXd orders;         // P, last quarter's orders before rationing
  Eigen::VectorXd base_share;     // P, share of the installed base, or of last quarter's use
  Eigen::VectorXd quality;        // P, willingness to pay gained since quarter 0, fraction of price
  Eigen::VectorXd capacity;       // P, quantity units a quarter
  Eigen::VectorXd deliverable;    // P, what inputs are expected to allow, quantity units, or +∞
  Eigen::VectorXd link_price;     // L, bargained, before discounts and caps of partnerships
  Eigen::VectorXd link_volume;    // L, last quarter's deliveries
  Eigen::VectorXd link_access;    // L, 0 unqualified to 1 fully ramped
  Eigen::VectorXd account_stock;  // A, capital units in use
  std::vector<PartnershipState> partnerships;
  std::vector<Eigen::VectorXd> model_state;  // one a model, its own layout
};

}  // namespace entente::simulation
