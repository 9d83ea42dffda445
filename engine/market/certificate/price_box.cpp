#include "engine/market/certificate/price_box.hpp"

#include <algorithm>

#include "engine/market/certificate/price_line.hpp"
#include "engine/market/elementary.hpp"

namespace entente::market {

namespace {

// Linear: a markup at which a product adds e^−30 of its utility. Log: a factor.
double compute_far_distance(const Demand& demand, double weakest) {
  if (demand.price_term == PriceTerm::linear) return 30.0 / weakest;
  return std::min(3.0 + 3.0 / std::max(weakest - 1.0, 0.1), 30.0);
}

}  // namespace

Eigen::VectorXd PriceBox::place(const Eigen::Ref<const Eigen::VectorXd>& fraction) const {
  Eigen::VectorXd x(lower.size());
  for (Eigen::Index i = 0; i < x.size(); ++i) {
    const double low = lower(i) - cost(i);
    const double high = upper(i) - cost(i);
    if (log_price || !(low > 0.0)) {
      x(i) = lower(i) + (upper(i) - lower(i)) * fraction(i);
    } else {
      x(i) = cost(i) + low * deterministic_exp(fraction(i) * deterministic_log(high / low));
    }
  }
  return x;
}

PriceBox measure_price_box(const Demand& demand, const Supply& supply,
                           const std::vector<DecisionMaker>& makers,
                           const Eigen::Ref<const Eigen::VectorXd>& prices) {
  PriceBox box;
  box.log_price = demand.price_term == PriceTerm::log;
  double weakest = demand.price_sensitivity.maxCoeff();
  for (Eigen::Index c = 0; c < demand.cells(); ++c) {
    if (demand.weight(c) > 0.0) weakest = std::min(weakest, demand.price_sensitivity(c));
  }
  const double far = compute_far_distance(demand, weakest);
  Eigen::VectorXd alone = prices;
  Eigen::Index count = 0;
  for (const DecisionMaker& maker : makers) {
    count += static_cast<Eigen::Index>(maker.products.size());
    for (const Eigen::Index product : maker.products) {
      const double cost = supply.marginal_cost(product) / supply.received(product);
      alone(product) =
          box.log_price ? std::max(cost, prices(product)) * deterministic_exp(far) : cost + far;
    }
  }
  box.lower.resize(count);
  box.upper.resize(count);
  box.cost.resize(count);
  const double crowd = deterministic_log(static_cast<double>(count)) / weakest;
  Eigen::Index i = 0;
  for (const DecisionMaker& maker : makers) {
    for (const Eigen::Index product : maker.products) {
      Eigen::VectorXd others = alone;
      others(product) = prices(product);
      const PriceLine line(demand, supply, maker, product, others);
      box.evaluations += line.evaluations;
      box.cost(i) = supply.marginal_cost(product) / supply.received(product);
      box.lower(i) = compute_price_position(demand, product, line.lowest_price());
      box.upper(i) = compute_price_position(demand, product, line.highest_price()) + crowd;
      ++i;
    }
  }
  return box;
}

}  // namespace entente::market
