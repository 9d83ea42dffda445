#include "engine/simulation/fields.hpp"

#include "engine/simulation/effect.hpp"
#include "engine/simulation/market_fields.hpp"
#include "engine/simulation/product_fields.hpp"

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
                          "agents: N individuals in each market, each drawing its own choice.",
               .default_value = "\"types\"",
               .choices = {"types", "agents"}},
              {.key = "agents",
               .type = Type::integer,
               .unit = "individuals",
               .meaning = "Individuals in each market of the agents representation.",
               .default_value = "100000",
               .minimum = 1000,
               .maximum = 1e18},
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

Table input_table() {
  return {.name = "input",
          .meaning = "A good that making a product takes: an edge of the market graph.",
          .fields = {
              {.key = "product",
               .type = Type::reference,
               .meaning = "Product that needs it.",
               .required = true,
               .refers_to = {"product"}},
              {.key = "market",
               .type = Type::reference,
               .meaning = "Market that sells it.",
               .required = true,
               .refers_to = {"market"}},
              {.key = "kind",
               .type = Type::choice,
               .meaning = "flow: used up with each unit; capital: a stock that serves for its "
                          "market's life and is ordered by the account of the product's firm.",
               .default_value = "\"flow\"",
               .choices = {"flow", "capital"}},
              {.key = "per_unit",
               .type = Type::figure,
               .unit = "input units per unit",
               .meaning = "Priced units of the input per priced unit of the product; stock per "
                          "unit a quarter for capital.",
               .required = true,
               .minimum = 0,
               .exclusive_minimum = true},
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
           .maximum = 100},
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
                       .minimum = 0}}},
      }};
}

Table link_table() {
  return {.name = "link",
          .meaning = "A supply contract between a contract market's product and a buyer's product.",
          .fields = {
              {.key = "supplier",
               .type = Type::reference,
               .meaning = "Product supplied.",
               .required = true,
               .refers_to = {"product"}},
              {.key = "buyer",
               .type = Type::reference,
               .meaning = "Product it goes into; none: the residual buyer, who takes what the "
                          "other links leave of the supplier's quantity.",
               .refers_to = {"product"}},
              {.key = "share",
               .type = Type::figure,
               .unit = "percent",
               .meaning = "Supplier's share of the buyer's purchases in quarter 0; 0 while it is "
                          "not qualified.",
               .default_value = "0",
               .minimum = 0,
               .maximum = 100},
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
           .maximum = 1},
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
           .fields = effect_fields()},
      }};
}

}  // namespace

scenario::Schema engine_schema() {
  return {run_table(),     population_table(), firm_table(),    stake_table(), market_table(),
          product_table(), input_table(),      account_table(), link_table(),  partnership_table()};
}

}  // namespace entente::simulation
