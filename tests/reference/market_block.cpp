#include "tests/reference/market_block.hpp"

#include "engine/market/demand.hpp"
#include "engine/market/outcome/concentration.hpp"
#include "engine/market/outcome/profit.hpp"
#include "engine/market/outcome/surplus.hpp"

namespace entente::reference {

using Eigen::Index;
using Eigen::VectorXd;
using market::Choice;
using market::Demand;
using nlohmann::json;

namespace {

/// Whether both demands are of the same buyers, whatever they are offered.
bool has_same_buyers(const Demand& one, const Demand& other) {
  return one.cells() == other.cells() && one.weight == other.weight &&
         one.price_sensitivity == other.price_sensitivity && one.outside_good == other.outside_good;
}

}  // namespace

json sum_by_firm(const Firms& firms, const Eigen::Ref<const VectorXd>& values) {
  const auto count = static_cast<Index>(firms.names.size());
  const VectorXd sums = market::compute_firm_profit(values, firms.of_product, count);
  json named = json::object();
  for (std::size_t f = 0; f < firms.names.size(); ++f)
    named[firms.names[f]] = sums(static_cast<Index>(f));
  return named;
}

json market_block(const Market& market, const Eigen::Ref<const VectorXd>& prices) {
  const Demand& demand = market.demand;
  const Firms& firms = market.firms;
  const Choice choice = market::compute_choice(demand, prices);
  const VectorXd margins = prices - market.marginal_cost;
  const VectorXd profits = market::compute_product_profit(choice.share, margins, market.size);
  const VectorXd single = VectorXd::Ones(prices.size());  // no product stands for several firms
  json block;
  block["prices"] = to_json(prices);
  block["shares"] = to_json(choice.share);
  block["outside_share"] = choice.outside_share;
  block["margins_abs"] = to_json(margins);
  block["lerner"] = to_json(margins.cwiseQuotient(prices));
  block["profits"] = to_json(profits);
  block["firm_profits"] = sum_by_firm(firms, profits);
  block["total_profit"] = profits.sum();
  block["consumer_surplus"] = market.size * market::compute_consumer_surplus(demand, choice);
  block["own_price_elasticities"] = to_json(market::compute_own_elasticities(demand, prices));
  block["hhi_inside"] = market::compute_hhi(choice.share, firms.of_product, single);
  block["hhi_total"] = market::compute_total_hhi(choice.share, firms.of_product, single);
  return block;
}

double compensating_variation(const Market& before, const Eigen::Ref<const VectorXd>& before_prices,
                              const Market& after, const Eigen::Ref<const VectorXd>& after_prices) {
  if (before.size == after.size && has_same_buyers(before.demand, after.demand)) {
    const VectorXd spending;  // not read with a linear price term
    return before.size * market::compute_compensating_variation(
                             before.demand, before_prices, after.demand, after_prices, spending);
  }
  const auto surplus = [](const Market& market, const Eigen::Ref<const VectorXd>& prices) {
    const Choice choice = market::compute_choice(market.demand, prices);
    return market.size * market::compute_consumer_surplus(market.demand, choice);
  };
  return surplus(before, before_prices) - surplus(after, after_prices);
}

}  // namespace entente::reference
