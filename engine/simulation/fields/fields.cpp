#include "engine/simulation/fields/fields.hpp"

#include "engine/simulation/behaviour/behaviour_fields.hpp"
#include "engine/simulation/build/given_preferences.hpp"
#include "engine/simulation/build/history.hpp"
#include "engine/simulation/build/tastes.hpp"
#include "engine/simulation/fields/event_fields.hpp"
#include "engine/simulation/fields/market_fields.hpp"
#include "engine/simulation/fields/product_fields.hpp"
#include "engine/simulation/fields/supply_fields.hpp"
#include "engine/simulation/state/effect.hpp"

namespace entente::simulation {

using scenario::Table;
using scenario::Type;

namespace {

Table run_table() {
  return {
      .name = "run",
      .kind = Table::Kind::single,
      .meaning = "What to simulate.",
      .fields = {
          {.key = "start",
           .type = Type::quarter,
           .meaning = "Quarter 0, the calibrated one.",
           .default_value = "\"2024Q1\""},
          {.key = "quarters",
           .type = Type::integer,
           .unit = "quarters",
           .meaning = "Length of the horizon, quarter 0 included.",
           .default_value = "24",
           .minimum = 1,
           .maximum = 400},
          {.key = "replications",
           .type = Type::integer,
           .meaning = "Independent histories; firms' luck differs between them.",
           .default_value = "200",
           .minimum = 1,
           .maximum = 1e6},
          {.key = "discount_rate",
           .type = Type::figure,
           .unit = "per quarter",
           .meaning = "Rate at which buyers discount the later quarters of a contract they sign.",
           .default_value = "0.02",
           .minimum = 0,
           .maximum = 0.5},
          {.key = "seed",
           .type = Type::integer,
           .meaning = "Key of all random draws; scenarios with one seed share their draws.",
           .default_value = "20240514",
           .minimum = 0,
           .maximum = 4294967295.0},
          {.key = "fitted_through",
           .type = Type::quarter,
           .meaning = "Last quarter whose figures the scenario was fitted to; a back-test refuses "
                      "observations up to it. Default: start."},
          {.key = "seen_through",
           .type = Type::quarter,
           .meaning = "Last quarter whose figures were known when the scenario was written; a "
                      "back-test calls scores up to it in-sample."},
          {.key = "parameters",
           .type = Type::choice,
           .meaning = "fixed: every replication has the figures as written; drawn: each draws them "
                      "from the ranges that their marks, or low and high, state, and quarter 0 is "
                      "calibrated anew.",
           .default_value = "\"fixed\"",
           .choices = {"fixed", "drawn"}},
          {.key = "shocks",
           .type = Type::choice,
           .meaning = "drawn: every [[shock]] moves each history its own way; off: none does.",
           .default_value = "\"drawn\"",
           .choices = {"drawn", "off"}},
      }};
}

Table population_table() {
  return {.name = "population",
          .kind = Table::Kind::single,
          .meaning = "How consumers are represented.",
          .fields = {
              {.key = "representation",
               .type = Type::choice,
               .meaning = "types: the exact large-N limit, deterministic given the firms' luck; "
                          "counts: N consumers in each market, drawn together wherever they are "
                          "alike, at a cost that does not depend on N; agents: N individuals in "
                          "each market, each drawing its own choice.",
               .default_value = "\"types\"",
               .choices = {"types", "counts", "agents"}},
              {.key = "agents",
               .type = Type::integer,
               .unit = "individuals",
               .meaning = "Individuals in each market where they are counted or agents.",
               .default_value = "100000",
               .minimum = 1000,
               .maximum = 1e18},
              {.key = "tastes",
               .type = Type::choice,
               .meaning = "Agents: individual: each draws tastes of its own; types: those of the "
                          "finite types, as counts have them.",
               .default_value = "\"individual\"",
               .choices = {"individual", "types"}},
              {.key = "taste_shocks",
               .type = Type::choice,
               .meaning = "Agents: integrated: each choice is drawn by its probabilities; keyed: "
                          "each individual has a shock for each product and quarter, the same in "
                          "every scenario of the seed, so that it chooses otherwise only where "
                          "utilities make it; slower.",
               .default_value = "\"integrated\"",
               .choices = {"integrated", "keyed"}},
          }};
}

Table firm_table() {
  return {.name = "firm",
          .meaning = "A company. It may sell in several markets and hold stakes in others.",
          .fields = {
              {.key = "name", .type = Type::text, .meaning = "Name in full.", .required = true}}};
}

Table stake_table() {
  return {.name = "stake",
          .meaning = "A financial interest; it internalises profit exactly as far as it should.",
          .fields = {
              {.key = "holder",
               .type = Type::reference,
               .meaning = "Firm that holds it.",
               .required = true,
               .refers_to = {"firm"}},
              {.key = "firm",
               .type = Type::reference,
               .meaning = "Firm that is held.",
               .required = true,
               .refers_to = {"firm"}},
              {.key = "share",
               .type = Type::figure,
               .unit = "fraction",
               .meaning = "Financial interest β: share of the held firm's profit.",
               .required = true,
               .minimum = 0,
               .maximum = 1,
               .source = "O'Brien & Salop 2000"},
              {.key = "control",
               .type = Type::figure,
               .unit = "fraction",
               .meaning = "Control γ over the held firm's decisions; 0 is a passive stake.",
               .default_value = "0",
               .minimum = 0,
               .maximum = 1,
               .source = "O'Brien & Salop 2000"},
          }};
}

Table account_table() {
  return {
      .name = "account",
      .meaning = "A group of buyers of an allocation market.",
      .fields = {
          {.key = "market",
           .type = Type::reference,
           .meaning = "Market it buys in.",
           .required = true,
           .refers_to = {"market"}},
          {.key = "firm",
           .type = Type::reference,
           .meaning = "Firm whose purchases these are; none: the public or many firms.",
           .refers_to = {"firm"}},
          {.key = "host",
           .type = Type::reference,
           .meaning = "Product on which this use happens: its base moves the volume, and a "
                      "default embedded in it the choice.",
           .refers_to = {"product"}},
          {.key = "name", .type = Type::text, .meaning = "Name in full.", .default_value = "\"\""},
          {.key = "share",
           .type = Type::figure,
           .unit = "percent",
           .meaning = "Share of the market's quantity in quarter 0 for an account that buys the "
                      "market's mix. An account with neither share nor purchases takes what the "
                      "others leave of each product; a market has at most one.",
           .minimum = 0,
           .maximum = 100,
           .drawn = scenario::Drawn::never},
          {.key = "purchases",
           .type = Type::records,
           .meaning = "What it bought in quarter 0, where that is known by product.",
           .fields = {{.key = "product",
                       .type = Type::reference,
                       .meaning = "Product bought.",
                       .required = true,
                       .refers_to = {"product"}},
                      {.key = "volume",
                       .type = Type::figure,
                       .unit = "the market's unit",
                       .meaning = "Quantity bought.",
                       .required = true,
                       .minimum = 0,
                       .drawn = scenario::Drawn::never}}},
      }};
}

Table partnership_table() {
  return {
      .name = "partnership",
      .meaning = "A deal between firms, or talks that may become one.",
      .fields = {
          {.key = "name",
           .type = Type::text,
           .meaning = "What it is, in a few words.",
           .default_value = "\"\""},
          {.key = "parties",
           .type = Type::references,
           .meaning = "Firms that sign; two or more.",
           .required = true,
           .refers_to = {"firm"}},
          {.key = "kind",
           .type = Type::choice,
           .meaning = "What sort of deal it is; sets the "
                      "default dissolution hazard.",
           .required = true,
           .choices = {"supply", "joint-development", "integration", "distribution", "equity",
                       "alliance"}},
          {.key = "start",
           .type = Type::quarter,
           .meaning = "Quarter in which it takes effect "
                      "if it forms; within the horizon.",
           .required = true},
          {.key = "end",
           .type = Type::quarter,
           .meaning = "First quarter without it; default: it runs on."},
          {.key = "probability",
           .type = Type::figure,
           .meaning = "That the talks become a binding deal, drawn once at `start`; 1 for an "
                      "announced deal.",
           .default_value = "1",
           .minimum = 0,
           .maximum = 1,
           .drawn = scenario::Drawn::by_range},
          {.key = "ramp",
           .type = Type::integer,
           .unit = "quarters",
           .meaning = "Quarters from start to full strength, linear; 0: at once.",
           .default_value = "0",
           .minimum = 0,
           .maximum = 40},
          {.key = "dissolution",
           .type = Type::figure,
           .unit = "per quarter",
           .meaning = "Hazard that it ends; default by kind: equity 0.01, supply 0.015, "
                      "integration and distribution 0.02, alliance 0.06, joint-development 0.10; "
                      "times 0.3 when an equity effect backs it.",
           .minimum = 0,
           .maximum = 1},
          {.key = "effect",
           .type = Type::records,
           .meaning = "What it changes; the effects compose.",
           .required = true,
           .fields = effect_fields(EffectOf::partnership)},
      }};
}

}  // namespace

scenario::Schema engine_schema() {
  scenario::Schema schema = {
      run_table(),     population_table(), firm_table(),        stake_table(),    market_table(),
      taste_table(),   product_table(),    generation_table(),  resource_table(), input_table(),
      account_table(), link_table(),       partnership_table(), event_table(),    shock_table(),
      history_table(), branch_table()};
  scenario::extend(schema, "firm", behaviour_firm_fields());
  scenario::extend(schema, "product", behaviour_product_fields());
  scenario::extend(schema, "product", taste_product_fields());
  scenario::extend(schema, "market", given_preference_market_fields());
  scenario::extend(schema, "product", given_preference_product_fields());
  return schema;
}

}  // namespace entente::simulation
