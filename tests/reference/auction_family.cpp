#include "engine/market/outcome/profit.hpp"
#include "engine/market/procurement/second_score_auction.hpp"
#include "tests/reference/families.hpp"
#include "tests/reference/market_block.hpp"
#include "tests/reference/market_inputs.hpp"

namespace entente::reference {

namespace {

using nlohmann::json;

json solve_auction(const json& inputs, Answer& answer) {
  const Market market = read_market(inputs);
  const auto auction = solve_timed(
      answer,
      [&] {
        return market::compute_second_score_auction(market.demand, market.marginal_cost,
                                                    market.firms.of_product);
      },
      [](const auto&) { return 0; });
  const Eigen::VectorXd profits =
      market::compute_product_profit(auction.share, auction.markup, market.size);
  json block;
  block["prices_conditional_on_winning"] = to_json(auction.price);
  block["shares"] = to_json(auction.share);
  block["outside_share"] = auction.outside_share;
  block["margins_abs"] = to_json(auction.markup);
  block["expected_profits"] = to_json(profits);
  block["firm_profits"] = sum_by_firm(market.firms, profits);
  block["consumer_surplus"] = market.size * auction.consumer_surplus;
  return block;
}

}  // namespace

Answer solve_second_score_auction(const json& inputs) {
  Answer answer;
  json& outputs = answer.outputs;
  outputs["pre"] = solve_auction(inputs, answer);
  outputs["post"] = solve_auction(change_inputs(inputs, inputs.at("post")), answer);
  outputs["compensating_variation"] = outputs["pre"]["consumer_surplus"].get<double>() -
                                      outputs["post"]["consumer_surplus"].get<double>();
  return answer;
}

}  // namespace entente::reference
