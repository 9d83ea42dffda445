#include "engine/market/procurement/bargained_prices.hpp"

#include <cmath>
#include <fmt/format.h>
#include <limits>
#include <utility>

#include "engine/market/failure.hpp"
#include "engine/market/pricing.hpp"
#include "engine/market/procurement/bargained_price_solver.hpp"
#include "engine/market/procurement/plain_logit.hpp"

namespace entente::market {

namespace {

constexpr double infinity = std::numeric_limits<double>::infinity();

void check_buyer_weight(const Eigen::Ref<const Eigen::VectorXd>& buyer_weight,
                        Eigen::Index products) {
  if (buyer_weight.size() != products) {
    throw InvalidInput(fmt::format("bargained prices: {} buyer weights for {} products",
                                   buyer_weight.size(), products));
  }
  for (Eigen::Index i = 0; i < products; ++i) {
    const bool valid = buyer_weight(i) >= 0.0 && buyer_weight(i) <= 1.0;
    if (valid) continue;
    throw InvalidInput(
        fmt::format("bargained prices: the buyer weight of product {} is {}, outside [0, 1]", i,
                    buyer_weight(i)));
  }
}

/// Without an outside good somebody must be left whom a firm does not want to keep its buyers from.
void require_rivals(const Demand& demand, const Supply& supply) {
  if (demand.outside_good) return;
  bool any_priced = false;
  for (Eigen::Index i = 0; i < demand.products(); ++i) {
    if (demand.utility(i, 0) == -infinity) continue;
    if (!std::isnan(supply.price_fixed(i)) || supply.fringe(i) > 1.0) return;
    any_priced = true;
    for (Eigen::Index j = 0; j < demand.products(); ++j) {
      const bool offered = demand.utility(j, 0) > -infinity;
      if (offered && supply.ownership(i, j) < supply.ownership(i, i)) return;
    }
  }
  if (!any_priced) throw Infeasible("bargained prices: nothing is offered to buyers who must buy");
  throw Infeasible(
      "bargained prices: one owner sells everything to buyers without an outside good, so that no "
      "price is too high; add an outside good or a rival");
}

}  // namespace

Prices compute_bargained_prices(const Demand& demand, const Supply& supply,
                                const Eigen::Ref<const Eigen::VectorXd>& buyer_weight,
                                const PricingOptions& options) {
  validate_demand(demand);
  require_one_linear_cell(demand, "bargained prices");
  if (!is_plain_logit(demand)) {
    throw InvalidInput(
        "bargained prices: demand must be plain logit; in a nest with λ < 1 the bargain has no "
        "closed condition");
  }
  validate_supply(supply, demand.products());
  check_buyer_weight(buyer_weight, demand.products());
  require_rivals(demand, supply);
  BargainedPriceSolver solver(demand, supply, buyer_weight, options);
  solver.solve();
  Prices prices;
  prices.markup = supply.received.cwiseProduct(solver.price) - supply.marginal_cost;
  prices.price = std::move(solver.price);
  prices.residual = solver.residual;
  prices.iterations = solver.iterations;
  return prices;
}

}  // namespace entente::market
