#pragma once

#include <Eigen/Core>
#include <vector>

#include "engine/simulation/state/world.hpp"

namespace entente::simulation {

/// What the partnerships and events in force change this quarter. P products, L links, M markets, A
/// accounts, R resources.
struct Terms {
  struct Reservation {
    Index market = 0;
    Index supplier = 0;  // product whose capacity it is
    Index partner = 0;   // firm it is for
    double share = 0.0;  // of the supplier's capacity
    bool take_or_pay = false;
    Index partnership = 0;
  };
  struct Spillover {
    Index from = 0;
    Index to = 0;
    double rate = 0.0;  // of the quality gap, per quarter
  };
  struct Default {
    Index complement = 0;
    Index host = 0;
    double points = 0.0;  // of the host's use, moved at the baseline, fraction
  };
  struct Ban {
    Index supplier = 0;  // product
    Index rival = -1;    // firm that gets none of it, or
    Index account = -1;  // the account, or
    Index buyer = -1;    // the product that takes it as an input
  };
  Eigen::VectorXd cost_factor;      // P, multiplies marginal cost
  Eigen::VectorXd quality;          // P, willingness to pay added, fraction of price
  Eigen::VectorXd discount;         // P, mean discount buyers get on the posted price, fraction
  Eigen::VectorXd received;         // P, fraction of the posted price the seller keeps
  Eigen::VectorXd subsidy;          // P, part of the discount that public money pays, fraction
  Eigen::VectorXd capacity;         // P, factor
  Eigen::VectorXd shared_capacity;  // R, factor on shared resources
  Eigen::VectorXd market_demand;    // M, factor on what a market's buyers would consider
  Eigen::VectorXd account_demand;   // A, the same of one account
  Eigen::VectorXd residual_demand;  // L, the same of a residual buyer
  Eigen::VectorXd logit_shift;      // L, of the buyer's bargaining weight
  Eigen::VectorXd price_factor;     // L, one less the agreed discount
  Eigen::VectorXd price_cap;        // L, currency per unit
  Eigen::VectorXd qualification;    // L, added hazards, combined
  std::vector<bool> launched;       // P
  std::vector<Reservation> reservations;
  std::vector<Spillover> spillovers;
  std::vector<Default> defaults;
  std::vector<Ban> bans;
  std::vector<Stake> stakes;  // the scenario's and those of equity deals
};

/// Composes the effects of all active partnerships and events at their present strength. Costs,
/// capacities and demands multiply, quality adds, independent hazards combine as 1 − Π(1 − h).
Terms compute_terms(const World& world);

/// How much of the effects of a partnership or event is there: 0 before it is active, rising
/// linearly over its ramp.
double compute_strength(const Event& event, const PartnershipState& state);

}  // namespace entente::simulation
