#include <limits>
#include <string>
#include <vector>

#include "engine/market/outcome/surplus.hpp"
#include "engine/market/vertical/vertical.hpp"
#include "tests/reference/families.hpp"
#include "tests/reference/market_block.hpp"
#include "tests/reference/market_inputs.hpp"

namespace entente::reference {

namespace {

using Eigen::Index;
using Eigen::VectorXd;
using market::ContractTiming;
using nlohmann::json;

/// A vertical market, and what the case says of it besides.
struct Links {
  market::VerticalMarket market;
  std::vector<std::string> firms;  // names, by index
  std::vector<Index> kept;         // links that are available
  double size = 1.0;
};

struct Outcome {
  market::VerticalPrices prices;
  double consumer_surplus = 0.0;
};

Links read_links(const json& inputs) {
  Links links;
  market::VerticalMarket& market = links.market;
  market.demand = read_demand(inputs.at("demand"));
  market.upstream_cost = read_vector(inputs.at("upstream_cost"));
  market.downstream_cost = read_vector(inputs.at("downstream_cost"));
  market.buyer_weight = read_vector(inputs.at("bargaining_downstream"));
  market.upstream_firm = index_names(read_names(inputs.at("upstream_owner")), links.firms);
  market.downstream_firm = index_names(read_names(inputs.at("downstream_owner")), links.firms);
  links.size = inputs.value("market_size", 1.0);
  for (Index j = 0; j < market.demand.products(); ++j) {
    const auto place = static_cast<std::size_t>(j);
    if (!inputs.contains("available") || inputs.at("available").at(place).get<bool>()) {
      links.kept.push_back(j);
    } else {
      market.demand.utility.row(j) = -std::numeric_limits<double>::infinity();
    }
  }
  return links;
}

/// The inputs of a scenario: what it names replaces what stands outside the scenarios.
json scenario_inputs(const json& inputs, const json& scenario) {
  json changed = inputs;
  changed.erase("scenarios");
  changed.update(scenario);
  return changed;
}

json kept_of(const Links& links, const VectorXd& values) {
  return to_json(values(links.kept));
}

json sum_by_firm(const Links& links, const VectorXd& upstream, const VectorXd& downstream) {
  json sums = json::object();
  const auto add = [&](int firm, double profit) {
    const std::string& name = links.firms[static_cast<std::size_t>(firm)];
    sums[name] = sums.value(name, 0.0) + profit;
  };
  for (const Index j : links.kept) {
    add(links.market.upstream_firm(j), upstream(j));
    add(links.market.downstream_firm(j), downstream(j));
  }
  return sums;
}

Outcome solve(const Links& links, ContractTiming timing, Answer& answer) {
  Outcome outcome;
  outcome.prices =
      solve_timed(answer, [&] { return market::compute_vertical_prices(links.market, timing); });
  outcome.consumer_surplus =
      links.size * market::compute_consumer_surplus(links.market.demand, outcome.prices.choice);
  return outcome;
}

json block(const Links& links, const Outcome& outcome) {
  const market::VerticalPrices& prices = outcome.prices;
  const VectorXd sales = links.size * prices.choice.share;
  const VectorXd upstream = sales.cwiseProduct(prices.upstream_margin);
  const VectorXd downstream = sales.cwiseProduct(prices.downstream_margin);
  json block;
  block["wholesale_prices"] = kept_of(links, prices.wholesale_price);
  block["retail_prices"] = kept_of(links, prices.retail_price);
  block["shares"] = kept_of(links, prices.choice.share);
  block["outside_share"] = prices.choice.outside_share;
  block["upstream_margins"] = kept_of(links, prices.upstream_margin);
  block["downstream_margins"] = kept_of(links, prices.downstream_margin);
  block["upstream_profits"] = kept_of(links, upstream);
  block["downstream_profits"] = kept_of(links, downstream);
  block["firm_profits"] = sum_by_firm(links, upstream, downstream);
  block["total_profit"] = upstream(links.kept).sum() + downstream(links.kept).sum();
  block["consumer_surplus"] = outcome.consumer_surplus;
  return block;
}

void add_changes(json& block, const Links& links, const Outcome& before, const Outcome& after) {
  const auto percent = [&](const VectorXd& old_prices, const VectorXd& new_prices) {
    const VectorXd change = 100.0 * (new_prices - old_prices).cwiseQuotient(old_prices);
    return kept_of(links, change);
  };
  block["products"] = links.kept;
  block["compensating_variation"] = before.consumer_surplus - after.consumer_surplus;
  block["retail_price_change_pct"] = percent(before.prices.retail_price, after.prices.retail_price);
  block["wholesale_price_change_pct"] =
      percent(before.prices.wholesale_price, after.prices.wholesale_price);
}

void add_simultaneous(json& block, const Links& links, Answer& answer) {
  const Outcome outcome = solve(links, ContractTiming::simultaneous, answer);
  json& simultaneous = block["simultaneous_timing"];
  simultaneous["wholesale_prices"] = kept_of(links, outcome.prices.wholesale_price);
  simultaneous["retail_prices"] = kept_of(links, outcome.prices.retail_price);
}

Answer solve_vertical(const json& inputs, ContractTiming timing) {
  Answer answer;
  const auto solve_block = [&](const Links& links, json& into) {
    Outcome outcome = solve(links, timing, answer);
    into = block(links, outcome);
    if (timing == ContractTiming::sequential) add_simultaneous(into, links, answer);
    return outcome;
  };
  const Outcome before =
      solve_block(read_links(scenario_inputs(inputs, json::object())), answer.outputs["pre"]);
  const json scenarios = inputs.value("scenarios", json::object());
  for (const auto& [name, scenario] : scenarios.items()) {
    const Links links = read_links(scenario_inputs(inputs, scenario));
    json& into = answer.outputs[name];
    const Outcome after = solve_block(links, into);
    add_changes(into, links, before, after);
  }
  return answer;
}

}  // namespace

Answer solve_vertical_bargaining(const json& inputs) {
  return solve_vertical(inputs, ContractTiming::simultaneous);
}

Answer solve_vertical_sequential(const json& inputs) {
  return solve_vertical(inputs, ContractTiming::sequential);
}

}  // namespace entente::reference
