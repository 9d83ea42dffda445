#pragma once

#include <Eigen/Core>
#include <limits>
#include <string>
#include <vector>

#include "engine/scenario/scenario.hpp"
#include "engine/simulation/state/scope.hpp"

namespace entente::simulation {

struct Economy;

/// The primitives that partnerships and events compose.
enum class EffectType {
  cost,              // marginal cost of a product
  quality,           // willingness to pay for a product, with decay as rivals copy
  supply_terms,      // bargaining weight, discount or price cap on an input contract
  reserve_capacity,  // a share of a supplier's capacity for the partner's use
  qualification,     // hazard of a supplier's qualification at a buyer
  spillover,         // quality flowing from the better partner to the other
  embed,             // a complement becomes the default in a host product
  bundle,            // discount for holding both partners' products
  exclusive,         // a supplier does not sell to named rivals
  equity,            // financial interest and control
  pool,              // pooled data or development cost among many parties
  launch,            // lets a product enter
  capacity,          // of a product, of all products of a market, or of a shared resource
  demand,            // what buyers of a market, an account or a residual buyer would consider
  ban,               // products are not sold to named accounts or makers
  subsidy            // public money pays part of a price
};

/// One resolved effect; which members mean something depends on the type (see effect_fields).
struct Effect {
  EffectType type = EffectType::cost;
  Eigen::Index product = -1;
  Eigen::Index partner_product = -1;
  Scope scope;                 // of capacity, demand, subsidy and supply_terms
  Eigen::Index supplier = -1;  // product of a contract market, or −1
  Eigen::Index buyer = -1;     // product, −1 all buyers, unless an account is in scope
  Eigen::Index partner = -1;   // firm that benefits or holds
  Eigen::Index firm = -1;
  std::vector<Eigen::Index> products;
  std::vector<Eigen::Index> rivals;    // firms
  std::vector<Eigen::Index> accounts;  // that get none of `products`
  std::vector<Eigen::Index> buyers;    // products that get none of them as an input
  double amount = 0.0;                 // the effect's own size: change, share, hazard, rate …
  double decay = 0.0;                  // per quarter
  double control = 0.0;
  double split = 0.5;  // of a discount borne by the first product's owner
  double logit_shift = 0.0;
  double discount = 0.0;
  double price_cap = std::numeric_limits<double>::infinity();
  double willingness_to_pay = 0.0;
  double cost_change = 0.0;  // of a pool's products
  bool take_or_pay = false;
  bool installed_base = false;  // embed reaches devices in use, not only new ones
};

/// Whose effect it is: some need parties, whom an event does not have.
enum class EffectOf { partnership, event };

/// The keys of one record in `partnership.<id>.effect` or `event.<id>.effect`.
std::vector<scenario::Field> effect_fields(EffectOf owner);

/// Resolves the effects of a partnership or event, adding a fault for each key that its type lacks
/// or does not take. `economy` needs its entities, not its calibration.
std::vector<Effect> read_effects(const scenario::Record& record, EffectOf owner,
                                 const Economy& economy, scenario::Faults& faults);

}  // namespace entente::simulation
