#pragma once

#include <Eigen/Core>
#include <string>

#include "engine/market/demand.hpp"
#include "engine/market/failure.hpp"

namespace entente::market {

/// Contracts over an input at given retail prices. J products of buyers, L links: one supplier's
/// input in one buyer's product. A product draws on its links as a nest of near substitutes, so
/// without link l, a share r_l of what the product takes, its utility changes by
/// link_nesting · ln(1 − r_l): a sole supplier takes the product off the market.
struct InputBargains {
  Demand demand;                   // of the buyers' products
  Eigen::VectorXd retail_price;    // J, currency per unit
  Eigen::VectorXd other_cost;      // J, currency per unit, all marginal cost beside the input
  Eigen::VectorXd input_per_unit;  // J, input units in a unit of the product
  Eigen::VectorXi buyer_firm;      // J, firm index
  Eigen::VectorXi product;         // L, index of the product the link serves
  Eigen::VectorXi supplier_firm;   // L, firm index
  Eigen::VectorXd supplier_cost;   // L, currency per input unit, with what the unit earns elsewhere
  Eigen::VectorXd share;           // L, r_l: of the input in its product, sums to 1 by product
  Eigen::VectorXd buyer_weight;    // L, b in [0,1]: the buyer's Nash weight
  double link_nesting = 0.2;       // λ of the links of a product, in (0,1]
  Eigen::MatrixXd interest;  // F×F, Ω_fg: weight of f's decisions on g's profit; empty: none
};

/// Input prices w, L, at which every bargain holds given all others (Nash-in-Nash: Horn & Wolinsky
/// 1988; Sheu & Taragin 2021, simultaneous timing):
///
///     b (1 − Ω_DU) GFT_U = (1 − b) (1 − Ω_UD) GFT_D,     GFT_f = Π_f − Π_f without the link,
///     Π_f = Σ_links Q [Ω_f,U (w − c) + Ω_f,D ((p − other cost)/input_per_unit − w)].
///
/// Linear in w, so solved at once. Where the parties of a link would lose by it together, the
/// supplier offers its cost, as one does within a firm. Throws InvalidInput where sizes or figures
/// describe no bargains, Infeasible where no prices do.
Eigen::VectorXd compute_input_prices(const InputBargains& bargains);

/// A price that no bargaining weight gives.
class NoBargain : public Infeasible {
 public:
  NoBargain(const std::string& message, Eigen::Index link_) : Infeasible(message), link(link_) {}
  Eigen::Index link;
};

/// The buyers' weights at which `prices` are the bargains' outcome, L; buyer_weight is not read.
/// NaN where nothing is bargained: nothing sold, or within one firm. Throws NoBargain where no
/// b in [0,1] gives the price.
Eigen::VectorXd compute_input_buyer_weights(const InputBargains& bargains,
                                            const Eigen::Ref<const Eigen::VectorXd>& prices);

}  // namespace entente::market
