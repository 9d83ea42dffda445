#include "engine/market/procurement/bargained_prices.hpp"
#include "tests/reference/families.hpp"
#include "tests/reference/market_block.hpp"
#include "tests/reference/market_inputs.hpp"

namespace entente::reference {

namespace {

using Eigen::VectorXd;
using nlohmann::json;

VectorXd solve_prices(const json& inputs, const Market& market, Answer& answer) {
  const auto supply = market::make_supply(market.marginal_cost, market.firms.ownership);
  const VectorXd buyer_weight = read_vector(inputs.at("buyer_bargaining"));
  return solve_timed(
             answer,
             [&] { return market::compute_bargained_prices(market.demand, supply, buyer_weight); })
      .price;
}

}  // namespace

Answer solve_buyer_bargaining(const json& inputs) {
  const json changed = change_inputs(inputs, inputs.at("post"));
  const Market before = read_market(inputs);
  const Market after = read_market(changed);
  Answer answer;
  const VectorXd price_before = solve_prices(inputs, before, answer);
  const VectorXd price_after = solve_prices(changed, after, answer);
  answer.outputs["pre"] = market_block(before, price_before);
  answer.outputs["post"] = market_block(after, price_after);
  answer.outputs["compensating_variation"] =
      compensating_variation(before, price_before, after, price_after);
  return answer;
}

}  // namespace entente::reference
