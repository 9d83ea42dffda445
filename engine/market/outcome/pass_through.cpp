#include "engine/market/outcome/pass_through.hpp"

#include <fmt/format.h>

#include "engine/market/failure.hpp"
#include "engine/market/price_solver.hpp"

namespace entente::market {

// A cost enters every condition that scarcity enters, so that both have the same response.
Eigen::MatrixXd compute_pass_through(const Demand& demand, const Supply& supply,
                                     const Eigen::Ref<const Eigen::VectorXd>& prices,
                                     const PricingOptions& options) {
  PriceSolver solver;
  solver.set_market(demand, supply);
  const Eigen::Index products = demand.products();
  if (prices.size() != products) {
    throw InvalidInput(
        fmt::format("pass-through: {} prices for {} products", prices.size(), products));
  }
  const Scarcity none{Eigen::VectorXd::Zero(products), Eigen::VectorXd::Zero(products)};
  solver.evaluate_at(prices, none);
  if (!(solver.residual <= options.tolerance)) {
    throw InvalidInput(
        fmt::format("pass-through: prices are no equilibrium, first-order residual {:.3g}, "
                    "tolerance {:.3g}; solve for prices first, or loosen the tolerance",
                    solver.residual, options.tolerance));
  }
  Eigen::MatrixXd pass_through;
  Eigen::VectorXd correction;
  solver.compute_response(false, pass_through, correction);
  return pass_through;
}

}  // namespace entente::market
