#include "engine/simulation/fields/event_fields.hpp"

#include "engine/simulation/state/effect.hpp"

namespace entente::simulation {

using scenario::Table;
using scenario::Type;

Table event_table() {
  return {.name = "event",
          .meaning =
              "A dated change that no firm agrees on: a rule, a launch, an outage, a subsidy. "
              "A baseline keeps it with `enabled = false`; a scenario switches it on.",
          .fields = {
              {.key = "name",
               .type = Type::text,
               .meaning = "What it is, in a few words.",
               .default_value = "\"\""},
              {.key = "start",
               .type = Type::quarter,
               .meaning = "First quarter with it; within the horizon.",
               .required = true},
              {.key = "end",
               .type = Type::quarter,
               .meaning = "First quarter without it; default: it stays."},
              {.key = "probability",
               .type = Type::figure,
               .meaning = "That it happens, drawn once at `start`.",
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
              {.key = "effect",
               .type = Type::records,
               .meaning = "What it changes; the effects compose.",
               .required = true,
               .fields = effect_fields(EffectOf::event)},
          }};
}

Table shock_table() {
  return {
      .name = "shock",
      .meaning =
          "Noise of a process: x' = persistence·x + deviation·ε with ε standard normal, "
          "x = 0 in quarter 0. It acts on one of product, market, account, resource.",
      .fields = {
          {.key = "moves",
           .type = Type::choice,
           .meaning = "utility: of a product, in utils; the others in log points. demand: what the "
                      "buyers of a market, an account or a product's residual buyers would "
                      "consider; cost: marginal cost beside inputs, of a product or market; "
                      "capacity: of a product, market or shared resource.",
           .required = true,
           .choices = {"utility", "demand", "cost", "capacity"}},
          {.key = "product",
           .type = Type::reference,
           .meaning = "Product that it moves; for demand a contract product whose residual buyers "
                      "are meant.",
           .refers_to = {"product"}},
          {.key = "market",
           .type = Type::reference,
           .meaning = "Market that it moves, all its products alike.",
           .refers_to = {"market"}},
          {.key = "account",
           .type = Type::reference,
           .meaning = "Account that it moves.",
           .refers_to = {"account"}},
          {.key = "resource",
           .type = Type::reference,
           .meaning = "Shared resource that it moves.",
           .refers_to = {"resource"}},
          {.key = "deviation",
           .type = Type::figure,
           .unit = "utils or log points",
           .meaning = "Standard deviation of one quarter's innovation.",
           .required = true,
           .minimum = 0,
           .maximum = 2},
          {.key = "persistence",
           .type = Type::figure,
           .meaning = "Part of the state that remains after a quarter; 1 is a random walk.",
           .default_value = "0",
           .minimum = 0,
           .maximum = 1,
           .drawn = scenario::Drawn::by_loss},
      }};
}

}  // namespace entente::simulation
