#pragma once

#include <Eigen/Core>

namespace entente::market {

/// How price enters utility: −α·p (linear) or −η·ln p (log).
enum class PriceTerm { linear, log };

/// Preferences of the active buyers of one market. Buyers are grouped in C cells; inside a cell
/// they differ only by the extreme value noise. J products form one nest beside the outside good,
/// whose utility is 0. J products in market order, C cells in the population's order.
struct Demand {
  PriceTerm price_term = PriceTerm::log;
  double nest = 1.0;                  // λ in (0,1], McFadden's dissimilarity; 1 is plain logit
  bool outside_good = true;           // false: every active buyer buys
  Eigen::VectorXd weight;             // C, mass of active buyers in each cell (any total > 0)
  Eigen::VectorXd price_sensitivity;  // C, α per currency unit or η; > 0
  Eigen::ArrayXXd utility;            // J×C, utility without the price term; −∞ is not offered
};

/// Choice probabilities at given prices.
struct Choice {
  Eigen::ArrayXXd cell_share;  // J×C, probability that a buyer of cell c buys j
  Eigen::VectorXd share;       // J, over all active buyers, in units of total weight 1
  double outside_share = 0.0;  // over all active buyers
  Eigen::VectorXd logsum;  // C, inclusive value ln(1 + D^λ), or λ·ln D without an outside good
};

/// Nested logit with one nest (McFadden 1978), safe against overflow and underflow.
Choice compute_choice(const Demand& demand, const Eigen::Ref<const Eigen::VectorXd>& prices);

/// Derivative ds_j/dp_i, J×J, row j, column i, of the shares over all active buyers.
Eigen::MatrixXd compute_share_jacobian(const Demand& demand,
                                       const Eigen::Ref<const Eigen::VectorXd>& prices,
                                       const Choice& choice);

/// Own price elasticities d ln s_j / d ln p_j, J.
Eigen::VectorXd compute_own_elasticities(const Demand& demand,
                                         const Eigen::Ref<const Eigen::VectorXd>& prices);

/// Elasticity of the inside share to a common relative change of all prices.
double compute_category_elasticity(const Demand& demand,
                                   const Eigen::Ref<const Eigen::VectorXd>& prices);

}  // namespace entente::market
