#pragma once

#include <Eigen/Core>
#include <optional>

#include "engine/market/demand.hpp"

namespace entente::market {

/// The structure of demand before its parameters are known. C cells, J products.
struct DemandTemplate {
  PriceTerm price_term = PriceTerm::log;
  bool outside_good = true;
  Eigen::VectorXd weight;                  // C, mass of active buyers
  Eigen::VectorXd sensitivity_multiplier;  // C, relative price sensitivity, mean near 1
  Eigen::VectorXi current_product;  // C, product index the buyers of the cell hold, −1 none
  Eigen::ArrayXXd offset;           // J×C, known part of utility; −∞ is not offered
};

struct OwnElasticity {
  Eigen::Index product = 0;
  double value = 0.0;  // < −0, d ln s / d ln p of active buyers at their current-brand mix
};

/// The figures to reproduce. Exactly identified: each of price sensitivity, nest and inertia is
/// either pinned by its figure or given.
struct DemandTargets {
  Eigen::VectorXd prices;  // J, currency per unit, > 0
  Eigen::VectorXd shares;  // J, of all active buyers; sum is 1 − outside share
  std::optional<Eigen::ArrayXXd> cell_shares;  // J×C, where each cell's own mix is observed instead
  OwnElasticity own_elasticity;                // pins the price sensitivity
  std::optional<double> category_elasticity;   // pins the nest parameter; else `nest` is used
  double nest = 1.0;
  std::optional<double> repeat_share;  // holders who buy their current product again, of
                                       // active holders; pins inertia; else `inertia` is used
  double inertia = 0.0;                // κ_w, in within-nest units: κ = λ·κ_w
};

struct CalibratedDemand {
  Demand demand;                 // at quarter 0, cells as in the template
  Eigen::VectorXd mean_utility;  // J, δ_j (zeros when cell shares were given)
  Eigen::ArrayXXd
      cell_utility;  // J×C, utility beyond δ and inertia (offset, or inverted cell by cell)
  double price_sensitivity = 0.0;  // mean α or η
  double nest = 1.0;               // λ
  double inertia = 0.0;            // κ in utility units (λ·κ_w)
  double residual = 0.0;           // worst relative miss of any target
};

/// Inverts observed shares and elasticities (Berry 1994; ECONOMICS of inertia: re-solved, not
/// closed form). Reproduces shares to 1e-12. Throws Infeasible, with the feasible range, when no λ
/// in (0,1] or positive sensitivity fits, and NoConvergence otherwise.
CalibratedDemand calibrate_demand(const DemandTemplate& structure, const DemandTargets& targets);

}  // namespace entente::market
