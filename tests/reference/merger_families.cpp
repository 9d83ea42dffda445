#include "engine/market/outcome/concentration.hpp"
#include "engine/market/outcome/pricing_pressure.hpp"
#include "engine/market/pricing.hpp"
#include "tests/reference/families.hpp"
#include "tests/reference/market_block.hpp"
#include "tests/reference/market_inputs.hpp"
#include "tests/reference/nash_check.hpp"

namespace entente::reference {

namespace {

using Eigen::VectorXd;
using market::Supply;
using nlohmann::json;

struct Solved {
  Market market;
  Supply supply;
  VectorXd price;  // J
};

Solved solve_market(const json& inputs, Answer& answer) {
  Solved solved;
  solved.market = read_market(inputs);
  const Market& market = solved.market;
  solved.supply = market::make_supply(market.marginal_cost, market.firms.ownership);
  const VectorXd start = starting_prices(market.demand, market.marginal_cost);
  solved.price = solve_timed(answer, [&] {
                   return market::compute_bertrand_prices(market.demand, solved.supply, start);
                 }).price;
  return solved;
}

json pricing_pressure(const Solved& before, const Solved& after) {
  const market::PricingPressure pressure = market::compute_pricing_pressure(
      before.market.demand, before.price, before.supply, after.supply);
  json block;
  block["diversion"] = rows_to_json(pressure.diversion);
  block["gross_upp"] = to_json(pressure.gross);
  block["guppi"] = to_json(pressure.guppi);
  block["upp_net_of_own_synergy"] = to_json(pressure.net);
  return block;
}

void add_concentration(json& outputs, const Solved& before, const Solved& after) {
  const double hhi_before = outputs["pre"]["hhi_inside"].get<double>();
  const double hhi_after = outputs["post"]["hhi_inside"].get<double>();
  outputs["hhi_inside_pre_post_delta"] = {hhi_before, hhi_after, hhi_after - hhi_before};
  const VectorXd share = market::compute_choice(before.market.demand, before.price).share;
  outputs["hhi_delta_at_pre_shares_inside"] =
      market::compute_hhi_change(share, before.market.firms.of_product,
                                 after.market.firms.of_product, VectorXd::Ones(share.size()));
}

}  // namespace

Answer solve_merger(const json& inputs) {
  Answer answer;
  const Solved before = solve_market(inputs, answer);
  const Solved after = solve_market(change_inputs(inputs, inputs.at("post")), answer);
  json& outputs = answer.outputs;
  outputs["pre"] = market_block(before.market, before.price);
  outputs["post"] = market_block(after.market, after.price);
  const VectorXd change = after.price - before.price;
  const double harm =
      compensating_variation(before.market, before.price, after.market, after.price);
  const double profit_change =
      outputs["post"]["total_profit"].get<double>() - outputs["pre"]["total_profit"].get<double>();
  outputs["price_change_abs"] = to_json(change);
  outputs["price_change_pct"] = to_json(100.0 * change.cwiseQuotient(before.price));
  outputs["compensating_variation"] = harm;
  outputs["total_surplus_change"] = profit_change - harm;
  add_concentration(outputs, before, after);
  outputs["pricing_pressure"] = pricing_pressure(before, after);
  check_nash(before.market, before.price, "pre", answer);
  check_nash(after.market, after.price, "post", answer);
  return answer;
}

}  // namespace entente::reference
