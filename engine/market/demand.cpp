#include "engine/market/demand.hpp"

#include <cmath>
#include <limits>
#include <string>

#include "engine/market/cell_shares.hpp"
#include "engine/market/elementary.hpp"
#include "engine/market/failure.hpp"
#include "engine/market/markup_terms.hpp"

namespace entente::market {

Choice compute_choice(const Demand& demand, const Eigen::Ref<const Eigen::VectorXd>& prices) {
  constexpr double infinity = std::numeric_limits<double>::infinity();
  const Eigen::Index products = demand.utility.rows();
  const Eigen::Index cells = demand.utility.cols();
  Eigen::ArrayXXd scaled_utility(cells, products);
  for (Eigen::Index j = 0; j < products; ++j) {
    const bool offered = (demand.utility.row(j) > -infinity).any();
    const bool valid =
        std::isfinite(prices(j)) && (demand.price_term == PriceTerm::linear || prices(j) > 0.0);
    if (offered && !valid) {
      throw MarketFailure("price of product " + std::to_string(j) + " is " +
                          std::to_string(prices(j)) +
                          "; prices must be finite, and above 0 with a log price term");
    }
    double term = 0.0;
    if (offered)
      term = demand.price_term == PriceTerm::log ? deterministic_log(prices(j)) : prices(j);
    for (Eigen::Index c = 0; c < cells; ++c) {
      scaled_utility(c, j) =
          (demand.utility(j, c) - demand.price_sensitivity(c) * term) / demand.nest;
    }
  }
  CellShares shares(demand.nest, demand.outside_good, cells, products);
  shares.evaluate(scaled_utility);

  Choice choice;
  choice.cell_share = shares.share.transpose();
  choice.logsum = shares.logsum;
  double total = 0.0;
  double outside = 0.0;
  choice.share.setZero(products);
  for (Eigen::Index c = 0; c < cells; ++c) {
    const double weight = demand.weight(c);
    if (!demand.outside_good && weight > 0.0 && shares.inside(c) == 0.0) {
      throw MarketFailure("no product is offered to the buyers of cell " + std::to_string(c) +
                          ", and without an outside good they must buy one");
    }
    total += weight;
    outside += weight * shares.outside(c);
    choice.share += weight * choice.cell_share.col(c).matrix();
  }
  if (!(total > 0.0)) throw MarketFailure("demand has no active buyers: every cell has weight 0");
  choice.share /= total;
  choice.outside_share = outside / total;
  return choice;
}

// McFadden (1978): ds_j/dp_i = Σ_c w_c f'_ci [ s_i 1{i=j}/λ − s_i (s_j + (1−λ)/λ s_{j|g}) ].
Eigen::MatrixXd compute_share_jacobian(const Demand& demand,
                                       const Eigen::Ref<const Eigen::VectorXd>& prices,
                                       const Choice& choice) {
  const Eigen::Index products = choice.cell_share.rows();
  Eigen::MatrixXd jacobian = Eigen::MatrixXd::Zero(products, products);
  const double total = demand.weight.sum();
  for (Eigen::Index c = 0; c < choice.cell_share.cols(); ++c) {
    const double inside = choice.cell_share.col(c).sum();
    if (!(demand.weight(c) > 0.0) || !(inside > 0.0)) continue;
    for (Eigen::Index i = 0; i < products; ++i) {
      const double share = choice.cell_share(i, c);
      if (share == 0.0) continue;
      double slope = -demand.price_sensitivity(c) * demand.weight(c) / total;
      if (demand.price_term == PriceTerm::log) slope /= prices(i);
      for (Eigen::Index j = 0; j < products; ++j) {
        const double other = choice.cell_share(j, c);
        const double lost = other + (1.0 - demand.nest) / demand.nest * (other / inside);
        jacobian(j, i) += slope * share * ((i == j ? 1.0 / demand.nest : 0.0) - lost);
      }
    }
  }
  return jacobian;
}

Eigen::VectorXd compute_own_elasticities(const Demand& demand,
                                         const Eigen::Ref<const Eigen::VectorXd>& prices) {
  MarkupTerms terms(demand);
  terms.evaluate(prices);
  Eigen::VectorXd elasticities = Eigen::VectorXd::Zero(prices.size());
  for (Eigen::Index j = 0; j < prices.size(); ++j) {
    if (!terms.offered(j)) continue;
    const double scale = terms.log_price() ? 1.0 : prices(j);
    elasticities(j) = -scale * (1.0 - terms.diversion(j, j)) / terms.inverse_response(j);
  }
  return elasticities;
}

// In a cell, d ln D^λ / d ln τ = −σ Σ_j s_{j|g} (p_j or 1), and ds_g = s_g s_0 d ln D^λ.
double compute_category_elasticity(const Demand& demand,
                                   const Eigen::Ref<const Eigen::VectorXd>& prices) {
  if (!demand.outside_good) return 0.0;
  const Choice choice = compute_choice(demand, prices);
  double slope = 0.0;
  double inside_total = 0.0;
  for (Eigen::Index c = 0; c < choice.cell_share.cols(); ++c) {
    const double inside = choice.cell_share.col(c).sum();
    if (!(demand.weight(c) > 0.0) || !(inside > 0.0)) continue;
    double spending = inside;  // Σ_j s_j (p_j or 1)
    if (demand.price_term == PriceTerm::linear) {
      spending = 0.0;
      for (Eigen::Index j = 0; j < prices.size(); ++j) {
        if (choice.cell_share(j, c) > 0.0) spending += choice.cell_share(j, c) * prices(j);
      }
    }
    // e^−logsum is the outside share also where 1 − inside has lost its figures.
    slope -= demand.weight(c) * demand.price_sensitivity(c) * spending *
             deterministic_exp(-choice.logsum(c));
    inside_total += demand.weight(c) * inside;
  }
  return inside_total > 0.0 ? slope / inside_total : 0.0;
}

}  // namespace entente::market
