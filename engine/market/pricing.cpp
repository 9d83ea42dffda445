#include "engine/market/pricing.hpp"

#include <Eigen/LU>
#include <cmath>
#include <fmt/format.h>
#include <limits>
#include <utility>

#include "engine/market/failure.hpp"
#include "engine/market/logit_prices.hpp"
#include "engine/market/markup_terms.hpp"
#include "engine/market/price_solver.hpp"

namespace entente::market {

namespace {

template <typename Solver>
Prices collect(const Solver& solver, const Supply& supply) {
  Prices prices;
  prices.markup = supply.received.cwiseProduct(solver.price) - supply.marginal_cost;
  prices.price = solver.price;
  prices.residual = solver.residual;
  prices.iterations = solver.iterations;
  return prices;
}

}  // namespace

void validate_supply(const Supply& supply, Eigen::Index products) {
  for (const Eigen::Index size :
       {supply.marginal_cost.size(), supply.received.size(), supply.price_fixed.size(),
        supply.fringe.size(), supply.ownership.rows(), supply.ownership.cols()}) {
    if (size == products) continue;
    throw InvalidInput(
        fmt::format("supply: marginal_cost, received, price_fixed and fringe must have one entry "
                    "for each of {} "
                    "products, ownership a row and a column; one has {}",
                    products, size));
  }
  for (Eigen::Index i = 0; i < products; ++i) {
    if (std::isfinite(supply.price_fixed(i))) continue;
    if (!std::isnan(supply.price_fixed(i))) {
      throw InvalidInput(
          fmt::format("supply: fixed price {} of product {} must be finite, or NaN "
                      "where the seller sets the price",
                      supply.price_fixed(i), i));
    }
    if (!(supply.ownership(i, i) > 0.0) || !(supply.received(i) > 0.0) ||
        !(supply.fringe(i) >= 1.0) || !(std::abs(supply.marginal_cost(i)) < largest_cost)) {
      throw InvalidInput(fmt::format(
          "product {} cannot be priced: own weight {} and fraction received {} must be above 0, "
          "firms behind it {} at least 1, marginal cost {} below {} in size",
          i, supply.ownership(i, i), supply.received(i), supply.fringe(i), supply.marginal_cost(i),
          largest_cost));
    }
    if (!supply.ownership.row(i).allFinite()) {
      throw InvalidInput(fmt::format("ownership: row {} has an entry that is not finite", i));
    }
  }
}

Supply make_supply(const Eigen::Ref<const Eigen::VectorXd>& marginal_cost,
                   const Eigen::Ref<const Eigen::MatrixXd>& ownership) {
  const Eigen::Index products = marginal_cost.size();
  Supply supply;
  supply.marginal_cost = marginal_cost;
  supply.ownership = ownership;
  supply.received = Eigen::VectorXd::Ones(products);
  supply.price_fixed =
      Eigen::VectorXd::Constant(products, std::numeric_limits<double>::quiet_NaN());
  supply.fringe = Eigen::VectorXd::Ones(products);
  return supply;
}

Eigen::MatrixXd make_ownership(const Eigen::Ref<const Eigen::VectorXi>& seller) {
  Eigen::MatrixXd ownership(seller.size(), seller.size());
  for (Eigen::Index i = 0; i < seller.size(); ++i) {
    for (Eigen::Index j = 0; j < seller.size(); ++j)
      ownership(i, j) = seller(i) == seller(j) ? 1.0 : 0.0;
  }
  return ownership;
}

Prices compute_bertrand_prices(const Demand& demand, const Supply& supply,
                               const Eigen::Ref<const Eigen::VectorXd>& start,
                               const PricingOptions& options) {
  validate_demand(demand);
  validate_supply(supply, demand.products());
  LogitPriceSolver logit;
  if (logit.accepts(demand, supply)) {
    logit.solve(demand, supply, options);
    return collect(logit, supply);
  }
  // Kept for the next call: to get pages for large arrays anew takes longer than to solve. What it
  // holds changes no answer.
  thread_local PriceSolver solver;
  solver.set_market(demand, supply);
  solver.solve(start, options);
  return collect(solver, supply);
}

// The conditions are linear in margins at given prices: (I − Ω'∘G) m = h.
Eigen::VectorXd compute_implied_markups(const Demand& demand, const Supply& supply,
                                        const Eigen::Ref<const Eigen::VectorXd>& prices) {
  MarkupTerms terms;
  terms.set_demand(demand);
  terms.evaluate(prices);
  Eigen::MatrixXd diversion;
  terms.compute_diversion(diversion);
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
      throw InvalidInput(
          fmt::format("the owner of product {} puts no weight on its profit: its markup is not "
                      "determined",
                      i));
    }
    for (Eigen::Index j = 0; j < products; ++j) {
      const double weight =
          i == j ? 1.0 / supply.fringe(i) : supply.ownership(i, j) / supply.ownership(i, i);
      system(i, j) -= weight * diversion(i, j);
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
