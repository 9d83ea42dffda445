#include "engine/simulation/record/result_tables.hpp"

#include <algorithm>
#include <cmath>
#include <fmt/format.h>
#include <functional>
#include <limits>
#include <stdexcept>

#include "engine/market/outcome/concentration.hpp"
#include "engine/simulation/markets/market_demand.hpp"
#include "engine/simulation/record/result_columns.hpp"
#include "engine/simulation/record/supply_tables.hpp"
#include "engine/simulation/state/simulation_failure.hpp"

namespace entente::simulation {

using output::ResultTable;

namespace {

using Table = RecordedTable;

std::size_t at(Index index) {
  return static_cast<std::size_t>(index);
}

bool sold(const Moment& moment, Index p) {
  return on_offer(moment.world, moment.quarter.terms, p);
}

/// Sum over the products of a market.
double sum_over(const Moment& moment, Index m, const Eigen::VectorXd& values) {
  const Market& market = moment.world.economy->markets[at(m)];
  return values.segment(market.first, market.products()).sum();
}

double observed_share(const Moment& moment, Index p) {
  const Market& market = market_of(moment, p);
  const Index m = product_at(moment, p).market;
  const bool by_revenue = market.share_of == "revenue";
  const Eigen::VectorXd& measure = by_revenue ? moment.quarter.revenue : moment.quarter.quantity;
  const double total = sum_over(moment, m, measure);
  return total > 0.0 ? 100.0 * measure[p] / total : missing;
}

double price_index(const Moment& moment, Index m) {
  const Market& market = moment.world.economy->markets[at(m)];
  if (market.free) return missing;
  double now = 0.0;
  double before = 0.0;
  for (Index p = market.first; p < market.last; ++p) {
    const Product& product = product_at(moment, p);
    if (product.pricing == ProductPricing::at_cost || !sold(moment, p)) continue;
    now += product.quantity * moment.quarter.price[p];
    before += product.quantity * product.price;
  }
  return before > 0.0 ? 100.0 * now / before : missing;
}

double hhi(const Moment& moment, Index m) {
  const Market& market = moment.world.economy->markets[at(m)];
  Eigen::VectorXi firm(market.products());
  Eigen::VectorXd fringe(market.products());
  for (Index j = 0; j < market.products(); ++j) {
    firm[j] = static_cast<int>(product_at(moment, market.first + j).firm);
    fringe[j] = product_at(moment, market.first + j).fringe;
  }
  const Eigen::VectorXd& measure =
      market.share_of == "revenue" ? moment.quarter.revenue : moment.quarter.quantity;
  return market::compute_hhi(measure.segment(market.first, market.products()), firm, fringe);
}

double outside_share(const Moment& moment, Index m) {
  const Market& market = moment.world.economy->markets[at(m)];
  if (market.pricing == PricingKind::contract || market.outside_share <= 0.0) return missing;
  const Eigen::MatrixXd& flow = moment.quarter.purchases[at(m)].flow;
  return 100.0 * flow.col(market.products()).sum() / flow.sum();
}

/// Nothing where buyers are not individuals.
double chosen_by_bounds(const Moment& moment, Index m) {
  const population::Population& population = moment.next.populations[at(m)];
  if (population.representation != population::Representation::agents) return missing;
  const population::Purchases& purchases = moment.quarter.purchases[at(m)];
  const auto active = static_cast<double>(purchases.chosen.sum());
  return active > 0.0 ? 100.0 * static_cast<double>(purchases.by_bounds) / active : 0.0;
}

double firm_sum(const Moment& moment, Index firm, const Eigen::VectorXd& by_product) {
  double total = 0.0;
  for (const Index p : moment.world.economy->firms[at(firm)].products)
    total += by_product[p];
  return total;
}

/// What the firm pays for reserved capacity, rebates and the like is in transfers.
double firm_profit(const Moment& moment, Index firm) {
  return firm_sum(moment, firm, moment.quarter.profit) -
         firm_sum(moment, firm, moment.quarter.fixed_cost) + moment.quarter.firm_transfers[firm];
}

Table products_table() {
  return {
      {.name = "products",
       .meaning = "One row per product: price, volume, share, cost and profit.",
       .keys = {{"market", "id", "Market the product is sold in."},
                {"product", "id", "Product."},
                {"firm", "id", "Firm that sells it."}},
       .series = {},
       .rows = {}},
      {{{"price_usd", "USD per unit", "Posted price, or mean contract price, in US dollars."},
        true,
        [](const Moment& m, Index p) {
          if (!sold(m, p)) return missing;
          return market_of(m, p).free ? 0.0 : m.quarter.price[p] * market_of(m, p).usd_per_currency;
        }},
       {{"quantity", "the market's unit", "Delivered in the quarter; subscribers at its end."},
        false,
        [](const Moment& m, Index p) { return m.quarter.quantity[p]; }},
       {{"share_percent", "percent", "Share of the market in the measure of share_of."},
        true,
        observed_share},
       {{"base_share_percent", "percent", "Share of the installed base (or of use) at the end."},
        false,
        [](const Moment& m, Index p) { return 100.0 * m.next.base_share[p]; }},
       {{"revenue_usd_bn", "USD bn", "Revenue of the quarter."},
        false,
        [](const Moment& m, Index p) { return m.quarter.revenue[p]; }},
       {{"marginal_cost_usd", "USD per unit", "Marginal cost with inputs, without scarcity rent."},
        true,
        [](const Moment& m, Index p) {
          return sold(m, p) ? m.quarter.marginal_cost[p] * market_of(m, p).usd_per_currency
                            : missing;
        }},
       {{"markup_percent", "percent of price",
         "Price less marginal cost, over price (Lerner index)."},
        true,
        [](const Moment& m, Index p) {
          if (!sold(m, p) || market_of(m, p).free || m.quarter.price[p] <= 0.0) return missing;
          return 100.0 * (1.0 - m.quarter.marginal_cost[p] / m.quarter.price[p]);
        }},
       {{"shadow_price_usd", "USD per unit", "Worth of one more unit of capacity to the seller."},
        false,
        [](const Moment& m, Index p) {
          return m.quarter.shadow_price[p] * market_of(m, p).usd_per_currency;
        }},
       {{"capacity", "the market's unit", "Most that can be delivered; empty: no limit."},
        true,
        [](const Moment& m, Index p) {
          return std::isfinite(m.quarter.capacity[p]) ? m.quarter.capacity[p] : missing;
        }},
       {{"orders", "the market's unit", "Orders before rationing and second choices."},
        false,
        [](const Moment& m, Index p) { return m.quarter.orders[p]; }},
       {{"unserved", "the market's unit", "Orders that were not delivered."},
        false,
        [](const Moment& m, Index p) { return m.quarter.unserved[p]; }},
       {{"quality", "fraction of price",
         "Willingness to pay gained since quarter 0; for a free "
         "good in utility."},
        false,
        [](const Moment& m, Index p) { return m.world.quality[p] + m.quarter.terms.quality[p]; }},
       {{"profit_usd_bn", "USD bn", "Revenue less marginal cost, before fixed cost and transfers."},
        false,
        [](const Moment& m, Index p) { return m.quarter.profit[p]; }},
       {{"subsidy_usd_bn", "USD bn", "Part of the revenue that public money paid."},
        false,
        [](const Moment& m, Index p) { return m.quarter.subsidy[p]; }}},
      [](const Economy& e) { return e.products.size(); },
      [](const Economy& e, std::size_t p) -> std::vector<std::string> {
        return {e.markets[at(e.products[p].market)].id, e.products[p].id,
                e.firms[at(e.products[p].firm)].id};
      }};
}

Table markets_table() {
  return {
      {.name = "markets",
       .meaning = "One row per market: size, prices, concentration and surplus.",
       .keys = {{"market", "id", "Market."},
                {"share_of", "text", "What the shares of its products are shares of."}},
       .series = {},
       .rows = {}},
      {{{"quantity", "the market's unit", "All products; captive ones included."},
        false,
        [](const Moment& m, Index i) { return sum_over(m, i, m.quarter.quantity); }},
       {{"revenue_usd_bn", "USD bn", "Revenue of all products."},
        false,
        [](const Moment& m, Index i) { return sum_over(m, i, m.quarter.revenue); }},
       {{"price_index", "quarter 0 = 100", "Prices at quarter-0 quantities (Laspeyres)."},
        true,
        price_index},
       {{"hhi", "0 to 10,000", "Herfindahl-Hirschman index over firms."}, false, hhi},
       {{"outside_share_percent", "percent", "Active buyers who took the outside good."},
        true,
        outside_share},
       {{"consumer_surplus_change_usd_bn", "USD bn",
         "Surplus of this quarter's active final buyers against the same in quarter 0; empty where "
         "buyers are firms of other markets or the good is free."},
        true,
        [](const Moment& m, Index i) {
          const Market& market = m.world.economy->markets[at(i)];
          const bool counted =
              market.final && !market.free && market.pricing != PricingKind::contract;
          return counted ? m.quarter.surplus_change[i] : missing;
        }},
       {{"unserved", "the market's unit", "Orders that no product of the market served."},
        false,
        [](const Moment& m, Index i) {
          return std::max(
              0.0, sum_over(m, i, m.quarter.orders) - sum_over(m, i, m.quarter.new_quantity));
        }},
       {{"pricing_residual", "fraction of price",
         "Miss of the first-order conditions; below 1e-10 or the run fails."},
        false,
        [](const Moment& m, Index i) { return m.quarter.pricing_residual[i]; }},
       {{"chosen_by_bounds_percent", "percent of choices",
         "Individuals whose choice began with a candidate drawn by bounds, the faster of two exact "
         "ways; the others took the general one, by all weights. Empty where buyers are not "
         "individuals."},
        true,
        chosen_by_bounds}},
      [](const Economy& e) { return e.markets.size(); },
      [](const Economy& e, std::size_t m) -> std::vector<std::string> {
        return {e.markets[m].id, e.markets[m].share_of};
      }};
}

Table firms_table() {
  return {
      {.name = "firms",
       .meaning = "One row per firm over all its markets.",
       .keys = {{"firm", "id", "Firm."}},
       .series = {},
       .rows = {}},
      {{{"revenue_usd_bn", "USD bn", "Revenue of its products."},
        false,
        [](const Moment& m, Index f) { return firm_sum(m, f, m.quarter.revenue); }},
       {{"profit_usd_bn", "USD bn", "Profit after fixed cost and transfers, without stakes."},
        false,
        firm_profit},
       {{"fixed_cost_usd_bn", "USD bn",
         "Fixed cost, calibrated where a margin is reported, with research and entry."},
        false,
        [](const Moment& m, Index f) { return firm_sum(m, f, m.quarter.fixed_cost); }},
       {{"transfers_usd_bn", "USD bn", "Received from partners less paid; all firms sum to 0."},
        false,
        [](const Moment& m, Index f) { return m.quarter.firm_transfers[f]; }},
       {{"research_usd_bn", "USD bn", "Spent on research, part of fixed cost."},
        false,
        [](const Moment& m, Index f) { return firm_sum(m, f, m.quarter.research); }},
       {{"markup_bound_hits", "products",
         "Prices by markup held down to the Bertrand price of the quarter."},
        false,
        [](const Moment& m, Index f) { return firm_sum(m, f, m.quarter.markup_bound_hits); }}},
      [](const Economy& e) { return e.firms.size(); },
      [](const Economy& e, std::size_t f) -> std::vector<std::string> { return {e.firms[f].id}; }};
}

Table partnerships_table() {
  return {
      {.name = "partnerships",
       .meaning = "One row per partnership.",
       .keys = {{"partnership", "id", "Partnership."},
                {"kind", "text", "What sort of deal it is."}},
       .series = {},
       .rows = {}},
      // A quarter begins with its deals; what they are in it the next one's state says.
      {{{"active", "0 or 1", "Whether it is in force."},
        false,
        [](const Moment& m, Index k) {
          return m.next.partnerships[at(k)].stage == PartnershipState::Stage::active ? 1.0 : 0.0;
        }},
       {{"strength", "0 to 1", "How far it has ramped up."},
        false,
        [](const Moment& m, Index k) {
          return compute_strength(m.world.economy->partnerships[at(k)], m.next.partnerships[at(k)]);
        }},
       {{"age_quarters", "quarters", "Since it formed; empty if it is not in force."},
        true,
        [](const Moment& m, Index k) {
          const PartnershipState& state = m.next.partnerships[at(k)];
          return state.stage == PartnershipState::Stage::active ? state.age : missing;
        }},
       {{"penetration", "0 to 1", "Of an embedded default among its host's users."},
        false,
        [](const Moment& m, Index k) { return m.world.partnerships[at(k)].penetration; }},
       {{"transfer_usd_bn", "USD bn", "Money moved between the parties."},
        false,
        [](const Moment& m, Index k) { return m.quarter.partnership_transfers[k]; }}},
      [](const Economy& e) { return e.partnerships.size(); },
      [](const Economy& e, std::size_t k) -> std::vector<std::string> {
        return {e.partnerships[k].id, e.partnerships[k].kind};
      }};
}

Table events_table() {
  return {
      {.name = "events",
       .meaning = "One row per dated event that is switched on.",
       .keys = {{"event", "id", "Event."}},
       .series = {},
       .rows = {}},
      {{{"active", "0 or 1", "Whether it is in force."},
        false,
        [](const Moment& m, Index e) {
          return m.next.events[at(e)].stage == PartnershipState::Stage::active ? 1.0 : 0.0;
        }},
       {{"strength", "0 to 1", "How far it has ramped up."},
        false,
        [](const Moment& m, Index e) {
          return compute_strength(m.world.economy->events[at(e)], m.next.events[at(e)]);
        }}},
      [](const Economy& e) { return e.events.size(); },
      [](const Economy& e, std::size_t k) -> std::vector<std::string> { return {e.events[k].id}; }};
}

/// Accounts hold stocks of what they buy.
Table accounts_table() {
  return {
      {.name = "accounts",
       .meaning = "One row per account of an allocation market.",
       .keys = {{"market", "id", "Market it buys in."}, {"account", "id", "Account."}},
       .series = {},
       .rows = {}},
      {{{"potential", "the market's unit",
         "Purchases it would consider, the outside good included."},
        false,
        [](const Moment& m, Index a) { return m.quarter.account_volume[a]; }},
       {{"delivered", "the market's unit", "What it got."},
        false,
        [](const Moment& m, Index a) { return m.quarter.account_delivered[a]; }},
       {{"stock", "the market's unit", "What it has in use at the end; 0 where nothing is kept."},
        false,
        [](const Moment& m, Index a) { return m.next.account_stock[a]; }}},
      [](const Economy& e) { return e.accounts.size(); },
      [](const Economy& e, std::size_t a) -> std::vector<std::string> {
        return {e.markets[at(e.accounts[a].market)].id, e.accounts[a].id};
      }};
}

const std::vector<Table>& all_tables() {
  static const std::vector<Table> tables = {
      products_table(),     markets_table(), firms_table(),  supply_table(),   accounts_table(),
      partnerships_table(), events_table(),  inputs_table(), resources_table()};
  return tables;
}

/// The engine's columns of a table, then those of the models.
std::vector<Column> columns_of(const Economy& economy, const Table& table) {
  std::vector<Column> columns = table.columns;
  for (std::size_t k = 0; k < economy.added_series.size(); ++k) {
    for (const AddedSeries& added : economy.added_series[k]) {
      if (added.table != table.declared.name) continue;
      columns.push_back({added.series, true, [&, k](const Moment& moment, Index entity) {
                           return added.value(*economy.dynamics[k], moment, entity);
                         }});
    }
  }
  return columns;
}

}  // namespace

std::vector<ResultTable> engine_tables() {
  std::vector<ResultTable> declared;
  for (const Table& table : all_tables()) {
    declared.push_back(table.declared);
    for (const Column& column : table.columns)
      declared.back().series.push_back(column.series);
  }
  return declared;
}

void add_series(const std::vector<AddedSeries>& added, std::vector<ResultTable>& tables) {
  for (const AddedSeries& each : added) {
    const auto table = std::ranges::find(tables, each.table, &ResultTable::name);
    if (table == tables.end())
      throw std::invalid_argument("no table '" + each.table + "' to add a column to");
    if (std::ranges::find(table->series, each.series.name, &output::Series::name) !=
        table->series.end()) {
      throw std::invalid_argument("'" + each.table + "' has a column '" + each.series.name +
                                  "' already");
    }
    table->series.push_back(each.series);
  }
}

void add_rows(const World& world, std::vector<ResultTable>& tables) {
  for (std::size_t t = 0; t < all_tables().size(); ++t) {
    for (std::size_t i = 0; i < all_tables()[t].count(*world.economy); ++i) {
      tables[t].rows.push_back(all_tables()[t].row(*world.economy, i));
    }
  }
}

void record_quarter(const World& world, const Quarter& quarter, const World& next,
                    const std::vector<ResultTable>& tables, output::Results& results) {
  const Moment moment{world, quarter, next};
  results.tables.resize(tables.size());
  for (std::size_t t = 0; t < tables.size(); ++t) {
    const std::vector<Column> columns = columns_of(*world.economy, all_tables()[t]);
    for (std::size_t i = 0; i < tables[t].rows.size(); ++i) {
      for (const Column& column : columns) {
        const double value = column.value(moment, static_cast<Index>(i));
        if (std::isinf(value) || (std::isnan(value) && !column.may_be_missing)) {
          throw SimulationFailure(fmt::format("{}: {} of '{}' is {}; report it with the scenario",
                                              to_text(world.economy->start + world.quarter),
                                              column.series.name, fmt::join(tables[t].rows[i], "/"),
                                              value));
        }
        results.tables[t].values.push_back(value);
      }
    }
  }
}

}  // namespace entente::simulation
