#pragma once

#include <Eigen/Core>

namespace entente::market {

/// How price enters utility: −α·p (linear) or −η·ln p (log).
enum class PriceTerm { linear, log };

/// Preferences of the active buyers of one market. Buyers are grouped in C cells (the types of a
/// mixed logit; one cell is plain or nested logit); inside a cell they differ only by the extreme
/// value noise. J products in market order, in G nests beside the outside good, whose utility is 0
/// and which is a nest of its own; C cells in the population's order.
///
/// The nesting parameter is McFadden's (1978) λ_g, the dissimilarity of products of a nest: 1 is
/// plain logit, near 0 products of a nest are nearly the same. It is one minus the σ of Berry
/// (1994) and the ρ of PyBLP.
struct Demand {
  PriceTerm price_term = PriceTerm::log;
  Eigen::VectorXd nesting = Eigen::VectorXd::Ones(1);  // G, λ_g in (0,1]
  Eigen::VectorXi nest;               // J, index of each product's nest; empty: all in nest 0
  bool outside_good = true;           // false: every active buyer buys
  Eigen::VectorXd weight;             // C, mass of active buyers in each cell (any total > 0)
  Eigen::VectorXd price_sensitivity;  // C, α per currency unit or η; > 0
  Eigen::ArrayXXd utility;            // J×C, utility without the price term; −∞ is not offered

  Eigen::Index products() const { return utility.rows(); }
  Eigen::Index cells() const { return utility.cols(); }
  Eigen::Index nest_of(Eigen::Index product) const { return nest.size() == 0 ? 0 : nest(product); }
};

/// Throws InvalidInput, naming the entry, where sizes do not agree, there is no product or no
/// buyer, a weight is negative or not finite, a sensitivity is not positive and finite, a utility
/// is NaN or +∞, a nest is missing, or a λ lies outside (0,1].
void validate_demand(const Demand& demand);

/// Choice probabilities at given prices.
struct Choice {
  Eigen::ArrayXXd cell_share;  // J×C, probability that a buyer of cell c buys j
  Eigen::VectorXd share;       // J, over all active buyers, in units of total weight 1
  double outside_share = 0.0;  // over all active buyers
  Eigen::VectorXd logsum;  // C, inclusive value ln(1 + Σ_g D_g^λ), or ln Σ_g D_g^λ without outside
};

/// Nested logit in each cell (McFadden 1978), safe against overflow and underflow.
/// prices: J, currency per unit. Throws MarketFailure where an offered product's price is not
/// finite, or not above 0 with a log price term, or where buyers without an outside good are
/// offered nothing.
Choice compute_choice(const Demand& demand, const Eigen::Ref<const Eigen::VectorXd>& prices);

/// Derivative ds_j/dp_i, J×J, row j, column i, of the shares over all active buyers.
Eigen::MatrixXd compute_share_jacobian(const Demand& demand,
                                       const Eigen::Ref<const Eigen::VectorXd>& prices);

/// Price elasticities d ln s_j / d ln p_i, J×J, row j, column i; products that nobody is offered
/// have 0. Keeps its limit where a share underflows.
Eigen::MatrixXd compute_elasticities(const Demand& demand,
                                     const Eigen::Ref<const Eigen::VectorXd>& prices);

/// Own price elasticities d ln s_j / d ln p_j, J.
Eigen::VectorXd compute_own_elasticities(const Demand& demand,
                                         const Eigen::Ref<const Eigen::VectorXd>& prices);

/// Diversion ratios D_ij = −(ds_j/dp_i)/(ds_i/dp_i), J×J: of the buyers that i loses to a higher
/// price the part that turns to j; −1 on the diagonal. Rows of products nobody is offered are 0.
Eigen::MatrixXd compute_diversion_ratios(const Demand& demand,
                                         const Eigen::Ref<const Eigen::VectorXd>& prices);

/// Elasticity of the inside share to a common relative change of all prices.
double compute_category_elasticity(const Demand& demand,
                                   const Eigen::Ref<const Eigen::VectorXd>& prices);

}  // namespace entente::market
