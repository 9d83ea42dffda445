#include "engine/market/pricing.hpp"

#include <Eigen/LU>
#include <cmath>

#include "engine/market/failure.hpp"
#include "engine/market/markup_terms.hpp"
#include "engine/market/price_solver.hpp"

namespace entente::market {

Prices compute_bertrand_prices(const Demand& demand, const Supply& supply,
                               const Eigen::Ref<const Eigen::VectorXd>& start,
                               const PricingOptions& options) {
  PriceSolver solver(demand, supply, options);
  solver.solve(start, {}, Eigen::VectorXd());
  Prices prices;
  prices.markup = supply.received.cwiseProduct(solver.price) - supply.marginal_cost;
  prices.price = std::move(solver.price);
  prices.residual = solver.residual;
  prices.iterations = solver.iterations;
  return prices;
}

// The conditions are linear in margins at given prices: (I − Ω'∘G) m = h.
Eigen::VectorXd compute_implied_markups(const Demand& demand, const Supply& supply,
                                        const Eigen::Ref<const Eigen::VectorXd>& prices) {
  MarkupTerms terms(demand);
  terms.evaluate(prices);
  const Eigen::Index products = prices.size();
  Eigen::MatrixXd system = Eigen::MatrixXd::Identity(products, products);
  Eigen::VectorXd right_side = Eigen::VectorXd::Zero(products);
  for (Eigen::Index i = 0; i < products; ++i) {
    if (!terms.offered(i)) continue;
    if (!std::isnan(supply.price_fixed(i))) {
      right_side(i) = supply.received(i) * prices(i) - supply.marginal_cost(i);
      continue;
    }
    if (!(supply.ownership(i, i) > 0.0)) {
      throw MarketFailure("the owner of product " + std::to_string(i) +
                          " puts no weight on its profit: its markup is not determined");
    }
    for (Eigen::Index j = 0; j < products; ++j) {
      const double weight =
          i == j ? 1.0 / supply.fringe(i) : supply.ownership(i, j) / supply.ownership(i, i);
      system(i, j) -= weight * terms.diversion(i, j);
    }
    right_side(i) =
        supply.received(i) * terms.inverse_response(i) * (terms.log_price() ? prices(i) : 1.0);
  }
  const Eigen::FullPivLU<Eigen::MatrixXd> decomposition(system);
  if (!decomposition.isInvertible()) {
    throw Infeasible(
        "no markups satisfy the first-order conditions: a firm without rivals and outside good "
        "has no best price");
  }
  return decomposition.solve(right_side);
}

}  // namespace entente::market
