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

bool offers_any(const Demand& demand, const DecisionMaker& maker, Eigen::Index cell) {
  return std::any_of(maker.products.begin(), maker.products.end(), [&](Eigen::Index product) {
    return demand.utility(product, cell) > -std::numeric_limits<double>::infinity();
  });
}

// In a cell with η ≤ 1, or with nobody else to buy from, the maker gains from any higher price.
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
    if (demand.weight(c) > 0.0 && demand.price_sensitivity(c) <= 1.0 &&
        offers_any(demand, maker, c)) {
      throw Infeasible(fmt::format(
          "the owner of product {} has no best price: η of cell {} is {}, and must exceed 1 or "
          "sellers gain from any higher price",
          maker.products.front(), c, demand.price_sensitivity(c)));
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
