#include "tests/reference/nash_check.hpp"

#include "engine/market/failure.hpp"
#include "engine/market/pricing.hpp"

namespace entente::reference {

using nlohmann::json;

json describe_deviation(const Market& market, const Eigen::Ref<const Eigen::VectorXd>& prices,
                        const market::Deviation& deviation) {
  // The product that moves most, relative to its price.
  Eigen::Index most = 0;
  const Eigen::VectorXd before = prices(deviation.products);
  (deviation.price - before).cwiseQuotient(before).cwiseAbs().maxCoeff(&most);
  const Eigen::Index product = deviation.products[static_cast<std::size_t>(most)];
  const int firm = market.firms.of_product(product);
  json block;
  block["firm"] = market.firms.names[static_cast<std::size_t>(firm)];
  block["product"] = product;
  block["price"] = to_json(deviation.price);
  block["profit_at_foc"] = market.size * deviation.profit;
  block["profit_deviation"] = market.size * deviation.deviation_profit;
  return block;
}

void check_nash(const Market& market, const Eigen::Ref<const Eigen::VectorXd>& prices,
                const std::string& when, Answer& answer) {
  if (!market.has_types) return;
  json& gain = answer.checks["global_deviation_gain_" + when];
  const auto supply = market::make_supply(market.marginal_cost, market.firms.ownership);
  try {
    gain = market::certify_nash(market.demand, supply, prices).gain;
  } catch (const market::MarketFailure& failure) {
    gain = failure.what();  // is compared, and seen, only where the case has a gain
  }
}

}  // namespace entente::reference
