#include "engine/simulation/fields.hpp"

#include "engine/simulation/effect.hpp"

namespace entente::simulation {

using scenario::Field;
using scenario::Table;
using scenario::Type;

namespace {

Table run_table() {
  return {.name = "run",
          .kind = Table::Kind::single,
          .meaning = "What to simulate.",
          .fields = {
              {.key = "start", .type = Type::quarter, .meaning = "Quarter 0, the calibrated one.",
               .default_value = "\"2024Q1\""},
              {.key = "quarters", .type = Type::integer, .unit = "quarters",
               .meaning = "Length of the horizon, quarter 0 included.", .default_value = "24",
               .minimum = 1, .maximum = 400},
              {.key = "replications", .type = Type::integer,
               .meaning = "Independent histories; firms' luck differs between them.",
               .default_value = "200", .minimum = 1, .maximum = 1e6},
              {.key = "seed", .type = Type::integer,
               .meaning = "Key of all random draws; scenarios with one seed share their draws.",
               .default_value = "20240514", .minimum = 0, .maximum = 4294967295.0},
          }};
}

Table population_table() {
  return {.name = "population",
          .kind = Table::Kind::single,
          .meaning = "How consumers are represented.",
          .fields = {
              {.key = "representation", .type = Type::choice,
               .meaning = "types: the exact large-N limit, deterministic given the firms' luck; "
                          "agents: N individuals in each market, each drawing its own choice.",
               .default_value = "\"types\"", .choices = {"types", "agents"}},
              {.key = "agents", .type = Type::integer, .unit = "individuals",
               .meaning = "Individuals in each market of the agents representation.",
               .default_value = "100000", .minimum = 1000, .maximum = 1e18},
          }};
}

Table firm_table() {
  return {.name = "firm",
          .meaning = "A company. It may sell in several markets and hold stakes in others.",
          .fields = {{.key = "name", .type = Type::text, .meaning = "Name in full.",
                      .required = true}}};
}

Table stake_table() {
  return {.name = "stake",
          .meaning = "A financial interest; it internalises profit exactly as far as it should.",
          .fields = {
              {.key = "holder", .type = Type::reference, .meaning = "Firm that holds it.",
               .required = true, .refers_to = {"firm"}},
              {.key = "firm", .type = Type::reference, .meaning = "Firm that is held.",
               .required = true, .refers_to = {"firm"}},
              {.key = "share", .type = Type::figure, .unit = "fraction",
               .meaning = "Financial interest β: share of the held firm's profit.",
               .required = true, .minimum = 0, .maximum = 1, .source = "O'Brien & Salop 2000"},
              {.key = "control", .type = Type::figure, .unit = "fraction",
               .meaning = "Control γ over the held firm's decisions; 0 is a passive stake.",
               .default_value = "0", .minimum = 0, .maximum = 1, .source = "O'Brien & Salop 2000"},
          }};
}

std::vector<Field> market_size_fields() {
  return {
      {.key = "name", .type = Type::text, .meaning = "Name in full.", .required = true},
      {.key = "model", .type = Type::text, .meaning = "Model that brings its mechanisms.",
       .required = true},
      {.key = "demand", .type = Type::choice,
       .meaning = "durable: active consumers replace, the others keep what they have; "
                  "subscription: active subscribers reconsider, the base pays what it signed; "
                  "allocation: accounts spread their whole volume every quarter.",
       .required = true, .choices = {"durable", "subscription", "allocation"}},
      {.key = "pricing", .type = Type::choice,
       .meaning = "posted: Bertrand-Nash; contract: bargained link by link; given: the "
                  "scenario's price (0 for a free good).",
       .default_value = "\"posted\"", .choices = {"posted", "contract", "given"}},
      {.key = "currency", .type = Type::text, .meaning = "Currency of prices.",
       .default_value = "\"USD\""},
      {.key = "usd_per_currency", .type = Type::figure, .unit = "USD",
       .meaning = "Value of one unit of the currency, fixed for the run.", .default_value = "1",
       .minimum = 0, .exclusive_minimum = true},
      {.key = "unit", .type = Type::text, .meaning = "Unit of quantities, such as \"million GB\".",
       .required = true},
      {.key = "units_per_quantity", .type = Type::number,
       .meaning = "Priced units in one unit of quantity (1e6 for \"million GB\" at USD per GB).",
       .default_value = "1", .minimum = 0, .exclusive_minimum = true},
      {.key = "payments_per_quarter", .type = Type::number,
       .meaning = "How often the price is paid in a quarter: 3 for a monthly price.",
       .default_value = "1", .minimum = 0, .exclusive_minimum = true},
      {.key = "share_of", .type = Type::choice,
       .meaning = "What the observed shares are shares of.", .default_value = "\"units\"",
       .choices = {"units", "revenue", "lines", "compute", "usage"}},
      {.key = "revenue_usd_bn", .type = Type::figure, .unit = "USD bn",
       .meaning = "Revenue of quarter 0; sets the market's quantity.", .minimum = 0,
       .exclusive_minimum = true},
      {.key = "size", .type = Type::figure, .unit = "the market's unit",
       .meaning = "Quantity of quarter 0, where revenue is not given; products with a volume need "
                  "neither.",
       .minimum = 0, .exclusive_minimum = true},
      {.key = "growth", .type = Type::figure, .unit = "per quarter",
       .meaning = "Exogenous growth of potential demand, first quarter's rate.",
       .default_value = "0", .minimum = -0.5, .maximum = 2},
      {.key = "growth_fade", .type = Type::figure,
       .meaning = "Factor on the growth rate each quarter.", .default_value = "1", .minimum = 0,
       .maximum = 1, .exclusive_minimum = true},
  };
}

std::vector<Field> market_demand_fields() {
  return {
      {.key = "price_term", .type = Type::choice,
       .meaning = "How price enters utility: −η·ln p (log) or −α·p (linear).",
       .default_value = "\"log\"", .choices = {"log", "linear"}},
      {.key = "outside_share", .type = Type::figure, .unit = "fraction",
       .meaning = "Share of active buyers who take the outside good in quarter 0; 0: there is "
                  "no outside good.",
       .default_value = "0.5", .minimum = 0, .maximum = 1, .exclusive_maximum = true},
      {.key = "own_elasticity", .type = Type::figure,
       .meaning = "Own price elasticity of one seller, of active buyers at their current-brand "
                  "mix.",
       .maximum = 0, .exclusive_maximum = true},
      {.key = "own_elasticity_of", .type = Type::reference,
       .meaning = "Product that the own elasticity holds for; default: the largest.",
       .refers_to = {"product"}},
      {.key = "category_elasticity", .type = Type::figure,
       .meaning = "Elasticity of all purchases to a common price change; pins the nest parameter.",
       .maximum = 0, .exclusive_maximum = true},
      {.key = "nest", .type = Type::figure,
       .meaning = "Nest parameter λ where no category elasticity is given; 1 is plain logit.",
       .default_value = "1", .minimum = 0, .maximum = 1, .exclusive_minimum = true,
       .source = "McFadden 1978"},
      {.key = "turnover", .type = Type::figure, .unit = "per quarter",
       .meaning = "Hazard h that a consumer is active: replacement or contract end.",
       .default_value = "1", .minimum = 0, .maximum = 1, .exclusive_minimum = true},
      {.key = "churn", .type = Type::figure, .unit = "per quarter",
       .meaning = "Share of subscribers who leave their seller in a quarter; pins inertia.",
       .minimum = 0, .maximum = 1, .exclusive_minimum = true, .exclusive_maximum = true},
      {.key = "inertia", .type = Type::figure, .unit = "within-nest utility",
       .meaning = "Bonus κ_w of the product one has, where churn is not given; κ = λ·κ_w.",
       .default_value = "0", .minimum = 0, .maximum = 20},
      {.key = "shock_persistence", .type = Type::figure, .unit = "per quarter",
       .meaning = "Durable: part of quarter 0's deviation from purchases that would keep the base as "
                  "it is that remains after a quarter; 1: it is permanent.",
       .default_value = "1", .minimum = 0, .maximum = 1},
      {.key = "taste_types", .type = Type::integer,
       .meaning = "Consumer types that differ in price sensitivity (Gauss-Hermite nodes).",
       .default_value = "1", .minimum = 1, .maximum = 9},
      {.key = "taste_spread", .type = Type::figure,
       .meaning = "Standard deviation of the log of price sensitivity over types.",
       .default_value = "0", .minimum = 0, .maximum = 1},
      {.key = "network", .type = Type::figure,
       .meaning = "Utility γ per log point of a product's base share; at 1 only corners are left.",
       .default_value = "0", .minimum = 0, .maximum = 1, .exclusive_maximum = true},
      {.key = "life", .type = Type::figure, .unit = "quarters",
       .meaning = "How long a bought unit serves where buyers hold stocks of it.",
       .default_value = "20", .minimum = 1, .maximum = 400},
      {.key = "reprice_share", .type = Type::figure, .unit = "per quarter",
       .meaning = "Fraction of contracts repriced each quarter.", .default_value = "1",
       .minimum = 0, .maximum = 1},
      {.key = "supplier_elasticity", .type = Type::figure,
       .meaning = "Elasticity of a buyer's split between qualified suppliers to their prices.",
       .default_value = "0", .minimum = -20, .maximum = 0},
      {.key = "access_ramp", .type = Type::integer, .unit = "quarters",
       .meaning = "Quarters from a supplier's qualification to its full share of a buyer.",
       .default_value = "4", .minimum = 1, .maximum = 40},
  };
}

Table market_table() {
  Table table{.name = "market",
              .meaning = "A market, calibrated so that quarter 0 is the observed one.",
              .fields = market_size_fields()};
  const auto demand = market_demand_fields();
  table.fields.insert(table.fields.end(), demand.begin(), demand.end());
  return table;
}

Table product_table() {
  return {.name = "product",
          .meaning = "What one firm sells in one market.",
          .fields = {
              {.key = "market", .type = Type::reference, .meaning = "Market it is sold in.",
               .required = true, .refers_to = {"market"}},
              {.key = "firm", .type = Type::reference, .meaning = "Firm that sells it.",
               .required = true, .refers_to = {"firm"}},
              {.key = "name", .type = Type::text, .meaning = "Name in full.", .default_value = "\"\""},
              {.key = "share", .type = Type::figure, .unit = "percent",
               .meaning = "Observed share of the market in quarter 0; all shares sum to 100.",
               .minimum = 0, .maximum = 100},
              {.key = "volume", .type = Type::figure, .unit = "the market's unit",
               .meaning = "Observed quantity in quarter 0, where volumes are known instead of "
                          "shares.",
               .minimum = 0},
              {.key = "base_share", .type = Type::figure, .unit = "percent",
               .meaning = "Share of the installed base before quarter 0 (durable; default: the "
                          "purchase share), or subscribers' share a quarter earlier (subscription).",
               .minimum = 0, .maximum = 100},
              {.key = "price", .type = Type::figure, .unit = "the market's currency",
               .meaning = "Price in quarter 0; 1 where only an index is known.",
               .default_value = "1", .minimum = 0},
              {.key = "unit_cost", .type = Type::figure, .unit = "the market's currency",
               .meaning = "Marginal cost with inputs, where known; with a capacity that binds in "
                          "quarter 0 the rest of the margin is its shadow price. Default: what the "
                          "first-order conditions imply.",
               .minimum = 0, .exclusive_minimum = true},
              {.key = "other_revenue", .type = Type::figure, .unit = "the market's currency",
               .meaning = "Revenue per unit from elsewhere than the price: advertising, paid tiers.",
               .default_value = "0", .minimum = 0},
              {.key = "operating_margin", .type = Type::figure, .unit = "percent of revenue",
               .meaning = "Reported margin; sets the fixed cost so that quarter 0 matches it.",
               .minimum = -200, .maximum = 100},
              {.key = "pricing", .type = Type::choice,
               .meaning = "market: as the market prices; at_cost: a captive product; fixed: held.",
               .default_value = "\"market\"", .choices = {"market", "at_cost", "fixed"}},
              {.key = "fringe", .type = Type::integer, .unit = "firms",
               .meaning = "Equal independent firms behind a residual seller.",
               .default_value = "1", .minimum = 1, .maximum = 1000},
              {.key = "only_for", .type = Type::references,
               .meaning = "Accounts that can buy it; default: all.", .refers_to = {"account"}},
              {.key = "entry", .type = Type::quarter,
               .meaning = "First quarter on offer, for a product that is not sold in quarter 0."},
              {.key = "entry_share", .type = Type::figure, .unit = "fraction",
               .meaning = "Share of a buyer's purchases it would have had in quarter 0 at its "
                          "price; makes a product without share an entrant.",
               .minimum = 0, .maximum = 1, .exclusive_minimum = true, .exclusive_maximum = true},
              {.key = "capacity", .type = Type::figure, .unit = "the market's unit per quarter",
               .meaning = "Most it can deliver in quarter 0; default: no limit.", .minimum = 0,
               .exclusive_minimum = true},
              {.key = "capacity_growth", .type = Type::figure, .unit = "per quarter",
               .meaning = "Planned growth of capacity, first quarter's rate.",
               .default_value = "0", .minimum = -0.5, .maximum = 2},
              {.key = "capacity_growth_fade", .type = Type::figure,
               .meaning = "Factor on the planned growth each quarter.", .default_value = "1",
               .minimum = 0, .maximum = 1, .exclusive_minimum = true},
              {.key = "capacity_response", .type = Type::figure,
               .meaning = "Growth of ln capacity per log point of orders above capacity.",
               .default_value = "0", .minimum = 0, .maximum = 1},
              {.key = "quality_drift", .type = Type::figure, .unit = "fraction of price",
               .meaning = "Willingness to pay gained per quarter against rivals, first quarter's.",
               .default_value = "0", .minimum = -0.2, .maximum = 0.2},
              {.key = "quality_drift_fade", .type = Type::figure,
               .meaning = "Factor on the drift each quarter.", .default_value = "0.9",
               .minimum = 0, .maximum = 1, .exclusive_minimum = true},
              {.key = "complement", .type = Type::reference,
               .meaning = "Product built in, whose quality adds to this one's.",
               .refers_to = {"product"}},
              {.key = "complement_value", .type = Type::figure, .unit = "fraction of price",
               .meaning = "Willingness to pay ψ per unit of the complement's quality.",
               .default_value = "0", .minimum = 0, .maximum = 1},
          }};
}

Table input_table() {
  return {.name = "input",
          .meaning = "A good that making a product takes: an edge of the market graph.",
          .fields = {
              {.key = "product", .type = Type::reference, .meaning = "Product that needs it.",
               .required = true, .refers_to = {"product"}},
              {.key = "market", .type = Type::reference, .meaning = "Market that sells it.",
               .required = true, .refers_to = {"market"}},
              {.key = "kind", .type = Type::choice,
               .meaning = "flow: used up with each unit; capital: a stock that serves for its "
                          "market's life and is ordered by the account of the product's firm.",
               .default_value = "\"flow\"", .choices = {"flow", "capital"}},
              {.key = "per_unit", .type = Type::figure, .unit = "input units per unit",
               .meaning = "Priced units of the input per priced unit of the product; stock per "
                          "unit a quarter for capital.",
               .required = true, .minimum = 0, .exclusive_minimum = true},
          }};
}

Table account_table() {
  return {.name = "account",
          .meaning = "A group of buyers of an allocation market.",
          .fields = {
              {.key = "market", .type = Type::reference, .meaning = "Market it buys in.",
               .required = true, .refers_to = {"market"}},
              {.key = "firm", .type = Type::reference,
               .meaning = "Firm whose purchases these are; none: the public or many firms.",
               .refers_to = {"firm"}},
              {.key = "host", .type = Type::reference,
               .meaning = "Product on which this use happens: its base moves the volume, and a "
                          "default embedded in it the choice.",
               .refers_to = {"product"}},
              {.key = "name", .type = Type::text, .meaning = "Name in full.", .default_value = "\"\""},
              {.key = "share", .type = Type::figure, .unit = "percent",
               .meaning = "Share of the market's quantity in quarter 0 for an account that buys the "
                          "market's mix. An account with neither share nor purchases takes what the "
                          "others leave of each product; a market has at most one.",
               .minimum = 0, .maximum = 100},
              {.key = "purchases", .type = Type::records,
               .meaning = "What it bought in quarter 0, where that is known by product.",
               .fields = {{.key = "product", .type = Type::reference, .meaning = "Product bought.",
                           .required = true, .refers_to = {"product"}},
                          {.key = "volume", .type = Type::figure, .unit = "the market's unit",
                           .meaning = "Quantity bought.", .required = true, .minimum = 0}}},
          }};
}

Table link_table() {
  return {.name = "link",
          .meaning = "A supply contract between a contract market's product and a buyer's product.",
          .fields = {
              {.key = "supplier", .type = Type::reference, .meaning = "Product supplied.",
               .required = true, .refers_to = {"product"}},
              {.key = "buyer", .type = Type::reference,
               .meaning = "Product it goes into; none: the residual buyer, who takes what the "
                          "other links leave of the supplier's quantity.",
               .refers_to = {"product"}},
              {.key = "share", .type = Type::figure, .unit = "percent",
               .meaning = "Supplier's share of the buyer's purchases in quarter 0; 0 while it is "
                          "not qualified.",
               .default_value = "0", .minimum = 0, .maximum = 100},
          }};
}

Table partnership_table() {
  return {.name = "partnership",
          .meaning = "A deal between firms, or talks that may become one.",
          .fields = {
              {.key = "name", .type = Type::text, .meaning = "What it is, in a few words.",
               .default_value = "\"\""},
              {.key = "parties", .type = Type::references, .meaning = "Firms that sign; two or more.",
               .required = true, .refers_to = {"firm"}},
              {.key = "kind", .type = Type::choice, .meaning = "What sort of deal it is; sets the "
               "default dissolution hazard.", .required = true,
               .choices = {"supply", "joint-development", "integration", "distribution", "equity",
                           "alliance"}},
              {.key = "start", .type = Type::quarter, .meaning = "Quarter in which it takes effect "
               "if it forms; within the horizon.", .required = true},
              {.key = "end", .type = Type::quarter,
               .meaning = "First quarter without it; default: it runs on."},
              {.key = "probability", .type = Type::figure,
               .meaning = "That the talks become a binding deal, drawn once at `start`; 1 for an "
                          "announced deal.",
               .default_value = "1", .minimum = 0, .maximum = 1},
              {.key = "ramp", .type = Type::integer, .unit = "quarters",
               .meaning = "Quarters from start to full strength, linear; 0: at once.",
               .default_value = "0", .minimum = 0, .maximum = 40},
              {.key = "dissolution", .type = Type::figure, .unit = "per quarter",
               .meaning = "Hazard that it ends; default by kind: equity 0.01, supply 0.015, "
                          "integration and distribution 0.02, alliance 0.06, joint-development 0.10; "
                          "times 0.3 when an equity effect backs it.",
               .minimum = 0, .maximum = 1},
              {.key = "effect", .type = Type::records,
               .meaning = "What it changes; the effects compose.", .required = true,
               .fields = effect_fields()},
          }};
}

}  // namespace

scenario::Schema engine_schema() {
  return {run_table(),     population_table(), firm_table(), stake_table(),
          market_table(),  product_table(),    input_table(), account_table(),
          link_table(),    partnership_table()};
}

}  // namespace entente::simulation
