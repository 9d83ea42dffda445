#include "engine/market/pricing.hpp"
#include "tests/reference/families.hpp"
#include "tests/reference/market_block.hpp"
#include "tests/reference/market_inputs.hpp"
#include "tests/reference/nash_check.hpp"

namespace entente::reference {

Answer solve_bertrand(const nlohmann::json& inputs) {
  const Market market = read_market(inputs);
  const auto supply = market::make_supply(market.marginal_cost, market.firms.ownership);
  const Eigen::VectorXd start = starting_prices(market.demand, market.marginal_cost);
  Answer answer;
  const auto prices = solve_timed(
      answer, [&] { return market::compute_bertrand_prices(market.demand, supply, start); });
  answer.outputs = market_block(market, prices.price);
  check_nash(market, prices.price, "pre", answer);
  return answer;
}

}  // namespace entente::reference
