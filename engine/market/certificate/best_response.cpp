#include "engine/market/certificate/best_response.hpp"

#include <algorithm>
#include <fmt/format.h>
#include <limits>

#include "engine/market/certificate/moving_shares.hpp"
#include "engine/market/certificate/price_line.hpp"
#include "engine/market/certificate/profit_search.hpp"
#include "engine/market/failure.hpp"

namespace entente::market {

namespace {

constexpr double rounding = 1e-13;  // of the sum of absolute profits

double compute_relative_gain(double before, double after, double magnitude) {
  const double difference = after - before;
  if (!(difference > rounding * magnitude)) return 0.0;
  const double scale = before > 0.0 ? before : magnitude;
  return scale > 0.0 ? difference / scale : std::numeric_limits<double>::infinity();
}

/// Whether buyers of the cell find in the nest of `product` something that is not the maker's.
bool has_rival_in_nest(const Demand& demand, const DecisionMaker& maker, Eigen::Index product,
                       Eigen::Index cell) {
  for (Eigen::Index j = 0; j < demand.products(); ++j) {
    const bool own =
        std::find(maker.products.begin(), maker.products.end(), j) != maker.products.end();
    if (!own && demand.nest_of(j) == demand.nest_of(product) &&
        demand.utility(j, cell) > -std::numeric_limits<double>::infinity()) {
      return true;
    }
  }
  return false;
}

/// The power of its own price with which a product's share falls in the end, log price term: a
/// rival in the nest takes the nest's buyers long before the nest loses them.
double limit_elasticity(const Demand& demand, const DecisionMaker& maker, Eigen::Index product,
                        Eigen::Index cell) {
  const double sensitivity = demand.price_sensitivity(cell);
  return has_rival_in_nest(demand, maker, product, cell)
             ? sensitivity / demand.nesting(demand.nest_of(product))
             : sensitivity;
}

// In a cell with an elasticity of 1 or less in the end, or with nobody else to buy from, the maker
// gains from any higher price.
void check_bounded(const Demand& demand, const DecisionMaker& maker,
                   const Eigen::Ref<const Eigen::VectorXd>& prices) {
  const MovingShares shares(demand, maker.products, prices);
  const Eigen::Index captive = shares.captive_cell();
  if (captive >= 0) {
    throw Infeasible(fmt::format(
        "the owner of product {} has no best price: the buyers of cell {} are offered nothing else "
        "and have no outside good",
        maker.products.front(), captive));
  }
  if (demand.price_term != PriceTerm::log) return;
  for (Eigen::Index c = 0; c < demand.cells(); ++c) {
    if (!(demand.weight(c) > 0.0)) continue;
    for (const Eigen::Index j : maker.products) {
      if (!(demand.utility(j, c) > -std::numeric_limits<double>::infinity())) continue;
      const double elasticity = limit_elasticity(demand, maker, j, c);
      if (elasticity > 1.0) continue;
      throw Infeasible(fmt::format(
          "the owner of product {} has no best price: at high prices the elasticity of cell {} is "
          "{} "
          "(η, over λ where a rival shares the nest), and must exceed 1 or sellers gain from any "
          "higher price",
          j, c, elasticity));
    }
  }
}

}  // namespace

BestResponse find_best_response(const Demand& demand, const Supply& supply,
                                const DecisionMaker& maker,
                                const Eigen::Ref<const Eigen::VectorXd>& prices,
                                const BestResponseOptions& options) {
  check_bounded(demand, maker, prices);
  BestResponse response;
  if (maker.products.size() > 1) {
    ProfitSearch search(demand, supply, maker, prices, options);
    search.search();
    response.price = search.price;
    response.profit_before = search.unit() * search.profit_before;
    response.profit = search.unit() * search.profit;
    response.gain = compute_relative_gain(search.profit_before, search.profit, search.magnitude);
    response.evaluations = search.evaluations;
    return response;
  }
  PriceLine line(demand, supply, maker, maker.products.front(), prices);
  const double given = prices(maker.products.front());
  const PriceLine::Profit before = line.compute_profit(given);
  const PriceLine::Peak peak = line.find_highest_peak(options.gap);
  response.price = Eigen::VectorXd::Constant(1, peak.price);
  response.profit_before = line.unit() * before.profit;
  response.profit = line.unit() * peak.profit;
  response.gain = compute_relative_gain(before.profit, peak.profit, before.magnitude);
  response.evaluations = line.evaluations;
  return response;
}

}  // namespace entente::market
