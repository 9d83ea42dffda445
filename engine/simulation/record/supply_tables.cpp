#include "engine/simulation/record/supply_tables.hpp"

#include "engine/simulation/supply/generation.hpp"

namespace entente::simulation {

namespace {

std::size_t at(Index index) {
  return static_cast<std::size_t>(index);
}

/// Inputs under contract, by index in the economy.
std::vector<Index> contract_inputs(const Economy& economy) {
  std::vector<Index> found;
  for (std::size_t i = 0; i < economy.inputs.size(); ++i) {
    if (economy.markets[at(economy.inputs[i].market)].pricing == PricingKind::contract)
      found.push_back(static_cast<Index>(i));
  }
  return found;
}

Index contract_input(const Moment& moment, Index row) {
  return contract_inputs(*moment.world.economy)[at(row)];
}

}  // namespace

RecordedTable supply_table() {
  const auto read = [](const Eigen::VectorXd Quarter::*values) {
    return [values](const Moment& m, Index l) { return (m.quarter.*values)[l]; };
  };
  return {{.name = "supply",
           .meaning = "One row per supply contract.",
           .keys = {{"market", "id", "Market of the input."},
                    {"supplier", "id", "Product supplied."},
                    {"buyer", "id", "Product it goes into, account that buys it, or residual."}},
           .series = {},
           .rows = {}},
          {{{"price_usd", "USD per unit", "Contract price; empty before qualification."},
            true,
            [](const Moment& m, Index l) {
              const Link& link = m.world.economy->links[at(l)];
              return mean_access(m.world, l) > 0.0
                         ? m.quarter.link_price[l] * market_of(m, link.supplier).usd_per_currency
                         : missing;
            }},
           {{"ordered", "the market's unit", "Ordered for this quarter's production."},
            false,
            read(&Quarter::link_orders)},
           {{"delivered", "the market's unit", "Delivered, with what came after second choices."},
            false,
            read(&Quarter::link_volume)},
           {{"reserved", "the market's unit", "Capacity reserved for a partner on this contract."},
            false,
            read(&Quarter::link_reserved)},
           {{"called", "the market's unit", "What the partner called of it."},
            false,
            read(&Quarter::link_called)},
           {{"released", "the market's unit", "What it left to the others."},
            false,
            [](const Moment& m, Index l) {
              return m.quarter.link_reserved[l] - m.quarter.link_called[l];
            }},
           {{"take_or_pay_usd_bn", "USD bn", "Paid for reserved units that were not called."},
            false,
            read(&Quarter::link_paid)},
           {{"ordered_ahead", "the market's unit", "Ordered this quarter for a later one."},
            false,
            read(&Quarter::link_new_orders)},
           {{"access", "0 to 1",
             "0: not qualified; 1: qualified and ramped up, for what the buyer needs now."},
            false,
            [](const Moment& m, Index l) { return mean_access(m.world, l); }}},
          [](const Economy& e) { return e.links.size(); },
          [](const Economy& e, std::size_t l) -> std::vector<std::string> {
            const Link& link = e.links[l];
            const Product& supplier = e.products[at(link.supplier)];
            return {e.markets[at(supplier.market)].id, supplier.id,
                    link.account >= 0 ? e.accounts[at(link.account)].id
                    : link.residual() ? "residual"
                                      : e.products[at(link.buyer)].id};
          }};
}

RecordedTable inputs_table() {
  return {
      {.name = "inputs",
       .meaning = "One row per input under contract: what its maker bought, used and holds.",
       .keys = {{"product", "id", "Product that takes it."},
                {"market", "id", "Market it comes from."}},
       .series = {},
       .rows = {}},
      {{{"stock", "the input market's unit", "Bought ahead and left at the end."},
        false,
        [](const Moment& m, Index i) { return m.quarter.input_stock[contract_input(m, i)]; }},
       {{"purchases_usd_bn", "USD bn", "Paid to suppliers for what they delivered."},
        false,
        [](const Moment& m, Index i) { return m.quarter.input_purchases[contract_input(m, i)]; }},
       {{"expense_usd_bn", "USD bn", "What the units used up had cost."},
        false,
        [](const Moment& m, Index i) { return m.quarter.input_expense[contract_input(m, i)]; }},
       {{"stock_value_usd_bn", "USD bn held", "What the units left had cost."},
        false,
        [](const Moment& m, Index i) {
          return m.quarter.input_stock_value[contract_input(m, i)];
        }}},
      [](const Economy& e) { return contract_inputs(e).size(); },
      [](const Economy& e, std::size_t i) -> std::vector<std::string> {
        const Input& input = e.inputs[at(contract_inputs(e)[i])];
        return {e.products[at(input.product)].id, e.markets[at(input.market)].id};
      }};
}

RecordedTable resources_table() {
  return {{.name = "resources",
           .meaning = "One row per shared resource.",
           .keys = {{"market", "id", "Market whose products take it."},
                    {"resource", "id", "Resource."}},
           .series = {},
           .rows = {}},
          {{{"capacity", "the resource's unit", "Most that can be used."},
            false,
            [](const Moment& m, Index r) { return m.quarter.resource_capacity[r]; }},
           {{"wanted", "the resource's unit", "What orders would take."},
            false,
            [](const Moment& m, Index r) { return m.quarter.resource_wanted[r]; }},
           {{"used", "the resource's unit", "What was used."},
            false,
            [](const Moment& m, Index r) {
              const Resource& resource = m.world.economy->resources[at(r)];
              const Market& market = m.world.economy->markets[at(resource.market)];
              return resource.use.dot(m.quarter.quantity.segment(market.first, market.products()));
            }},
           {{"shadow_price_usd", "USD per resource unit", "Worth of one more unit to sellers."},
            false,
            [](const Moment& m, Index r) {
              const Resource& resource = m.world.economy->resources[at(r)];
              return m.quarter.resource_price[r] *
                     m.world.economy->markets[at(resource.market)].usd_per_currency;
            }}},
          [](const Economy& e) { return e.resources.size(); },
          [](const Economy& e, std::size_t r) -> std::vector<std::string> {
            return {e.markets[at(e.resources[r].market)].id, e.resources[r].id};
          }};
}

}  // namespace entente::simulation
