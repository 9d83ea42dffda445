#include "engine/market/capacity.hpp"
#include "engine/market/pricing.hpp"
#include "tests/reference/families.hpp"
#include "tests/reference/market_block.hpp"
#include "tests/reference/market_inputs.hpp"

namespace entente::reference {

namespace {

using Eigen::VectorXd;
using market::CapacityConditions;
using market::CapacityPrices;
using nlohmann::json;

json quantities(const Market& market, const Eigen::Ref<const VectorXd>& prices) {
  const VectorXd share = market::compute_choice(market.demand, prices).share;
  return to_json(market.size * share);
}

/// Whether each limit is on one product's quantity alone, as LogitCap has it.
bool limits_products(const market::Resources& resources) {
  return ((resources.use.array() != 0.0).rowwise().count() == 1).all() &&
         ((resources.use.array() == 0.0) || (resources.use.array() == 1.0)).all();
}

}  // namespace

Answer solve_capacity(const json& inputs) {
  const Market market = read_market(inputs);
  const auto supply = market::make_supply(market.marginal_cost, market.firms.ownership);
  const VectorXd start = starting_prices(market.demand, market.marginal_cost);
  const market::Resources resources{read_matrix(inputs.at("resource_matrix")),
                                    read_vector(inputs.at("capacity"))};
  Answer answer;
  const auto solve = [&](CapacityConditions conditions) {
    const auto iterations = [](const CapacityPrices& found) { return found.prices.iterations; };
    return solve_timed(
        answer,
        [&] {
          return market::compute_capacity_prices(market.demand, supply, market.size, resources,
                                                 start, {}, conditions);
        },
        iterations);
  };

  const CapacityPrices found = solve(CapacityConditions::kkt);
  json& outputs = answer.outputs;
  outputs = market_block(market, found.prices.price);
  outputs["shadow_prices"] = to_json(found.shadow_price);
  outputs["binding"] = to_json(found.binding);
  outputs["quantities"] = quantities(market, found.prices.price);
  outputs["effective_marginal_cost"] = to_json(found.effective_cost);

  const auto free = solve_timed(
      answer, [&] { return market::compute_bertrand_prices(market.demand, supply, start); });
  outputs["unconstrained"]["prices"] = to_json(free.price);
  outputs["unconstrained"]["quantities"] = quantities(market, free.price);

  if (limits_products(resources)) {
    const CapacityPrices variant = solve(CapacityConditions::logitcap);
    json& other = outputs["antitrust_logitcap_variant"];
    other["prices"] = to_json(variant.prices.price);
    other["binding"] = to_json(variant.binding);
    other["quantities"] = quantities(market, variant.prices.price);
  }
  return answer;
}

}  // namespace entente::reference
