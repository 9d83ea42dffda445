#include "engine/simulation/behaviour/behaviour_fields.hpp"

namespace entente::simulation {

using scenario::Field;
using scenario::Type;

namespace {

ExpectationRule expectation_rule(const std::string& text) {
  if (text == "naive") return ExpectationRule::naive;
  if (text == "adaptive") return ExpectationRule::adaptive;
  return text == "trend" ? ExpectationRule::trend : ExpectationRule::switching;
}

PricingRule pricing_rule(const std::string& text) {
  if (text == "bertrand") return PricingRule::bertrand;
  if (text == "adaptive") return PricingRule::adaptive;
  return text == "markup" ? PricingRule::markup : PricingRule::share_markup;
}

std::vector<Field> expectation_fields() {
  return {
      {.key = "expectations",
       .type = Type::choice,
       .meaning = "How it expects the orders for its products. naive: as in the last quarter; "
                  "adaptive: their smoothed level; trend: the last quarter's, carried on at their "
                  "smoothed growth; switching: these three, weighted by how well they did.",
       .default_value = "\"naive\"",
       .choices = {"naive", "adaptive", "trend", "switching"},
       .source = "Nerlove 1958; Brock & Hommes 1997; Anufriev & Hommes 2012"},
      {.key = "expectation_gain",
       .type = Type::figure,
       .meaning = "Weight of the newest quarter in the smoothed level and growth of orders.",
       .default_value = "0.3",
       .minimum = 0,
       .maximum = 1,
       .exclusive_minimum = true,
       .source = "Nerlove 1958"},
      {.key = "switching_intensity",
       .type = Type::figure,
       .unit = "per squared percent",
       .meaning = "How strongly a switching seller turns to the rule that erred less.",
       .default_value = "0.1",
       .minimum = 0,
       .maximum = 1000,
       .source = "Brock & Hommes 1997"},
      {.key = "switching_memory",
       .type = Type::figure,
       .meaning = "Part of past squared errors that a switching seller still counts a quarter on.",
       .default_value = "0.7",
       .minimum = 0,
       .maximum = 1,
       .exclusive_maximum = true,
       .source = "Anufriev & Hommes 2012"},
  };
}

std::vector<Field> pricing_fields() {
  return {
      {.key = "pricing",
       .type = Type::choice,
       .meaning = "How it sets the prices of its products in posted markets. bertrand: the best "
                  "reply; adaptive: part of the way to it; markup: over marginal cost, raised as "
                  "its share grows; share_markup: part of the way to the logit markup of its share "
                  "of last quarter's choices. Only bertrand answers scarcity at once.",
       .default_value = "\"bertrand\"",
       .choices = {"bertrand", "adaptive", "markup", "share_markup"},
       .source = "Dosi, Fagiolo & Roventini 2010 (markup); Anderson, de Palma & Thisse 1992 "
                 "(share_markup)"},
      {.key = "price_adjustment",
       .type = Type::figure,
       .meaning = "Part of the way from its last price that a seller goes in a quarter: an "
                  "adaptive one to the best reply, where 1 is bertrand, one by share_markup to "
                  "that markup.",
       .default_value = "0.5",
       .minimum = 0,
       .maximum = 1,
       .exclusive_minimum = true},
      {.key = "markup_response",
       .type = Type::figure,
       .meaning = "Relative change υ of the markup per relative change of the unit share.",
       .default_value = "0.04",
       .minimum = 0,
       .maximum = 1,
       .source = "Dosi, Fagiolo & Roventini 2010"},
  };
}

std::vector<Field> capacity_fields() {
  return {
      {.key = "capacity",
       .type = Type::choice,
       .meaning = "What capacity it builds beside the planned path of each product. planned: for "
                  "orders above capacity, by capacity_response; expected: for the orders it "
                  "expects when the capacity comes on line.",
       .default_value = "\"planned\"",
       .choices = {"planned", "expected"}},
      {.key = "capacity_utilisation",
       .type = Type::figure,
       .meaning = "Use of capacity that a seller who builds for expected orders aims at.",
       .default_value = "0.9",
       .minimum = 0.1,
       .maximum = 1},
      {.key = "capacity_speed",
       .type = Type::figure,
       .unit = "per quarter",
       .meaning = "Part of the gap to the capacity it wants, net of what is being built, that it "
                  "orders in a quarter.",
       .default_value = "0.25",
       .minimum = 0,
       .maximum = 1,
       .source = "Sterman 1989 (stock and supply line)"},
  };
}

std::vector<Field> research_fields() {
  return {
      {.key = "research",
       .type = Type::choice,
       .meaning =
           "innovation: spends on every product that is not sold under contract, and a keyed "
           "draw decides each quarter whether its quality rises.",
       .default_value = "\"none\"",
       .choices = {"none", "innovation"},
       .source = "Dosi, Fagiolo & Roventini 2010"},
      {.key = "research_share",
       .type = Type::figure,
       .unit = "fraction of revenue",
       .meaning = "Part of a product's last quarterly revenue spent on its research. Where a "
                  "margin is reported, the spending of quarter 0 is in its fixed cost.",
       .default_value = "0.05",
       .minimum = 0,
       .maximum = 1},
      {.key = "research_power",
       .type = Type::figure,
       .unit = "per USD bn",
       .meaning = "Innovation succeeds with probability 1 − exp(−ζ·spending) in a quarter: ζ.",
       .default_value = "1",
       .minimum = 0,
       .maximum = 1000},
      {.key = "research_step",
       .type = Type::figure,
       .unit = "fraction of price",
       .meaning = "Willingness to pay that one success adds; utility for a free good.",
       .default_value = "0.01",
       .minimum = 0,
       .maximum = 1},
  };
}

std::vector<Field> presence_fields() {
  return {
      {.key = "entry",
       .type = Type::choice,
       .meaning = "When its entrants come to market. dated: in quarter `entry` of the product; "
                  "profit: as soon after that as what they expect to earn pays for entry_cost.",
       .default_value = "\"dated\"",
       .choices = {"dated", "profit"}},
      {.key = "entry_horizon",
       .type = Type::integer,
       .unit = "quarters",
       .meaning = "Quarters of this quarter's expected profit that entry by profit counts, "
                  "discounted at discount_rate.",
       .default_value = "20",
       .minimum = 1,
       .maximum = 400},
      {.key = "exit",
       .type = Type::choice,
       .meaning = "When its products leave the market. losses: after exit_patience quarters of "
                  "trailing losses beyond the threshold.",
       .default_value = "\"never\"",
       .choices = {"never", "losses"},
       .source = "Dixit 1989 (waiting before exit)"},
      {.key = "exit_threshold",
       .type = Type::figure,
       .unit = "fraction of revenue",
       .meaning = "Trailing loss after fixed cost, of trailing revenue, that it bears for good.",
       .default_value = "0.1",
       .minimum = 0,
       .maximum = 10},
      {.key = "exit_patience",
       .type = Type::integer,
       .unit = "quarters",
       .meaning = "Quarters in a row beyond the threshold after which a product leaves.",
       .default_value = "4",
       .minimum = 1,
       .maximum = 400},
      {.key = "exit_memory",
       .type = Type::figure,
       .meaning = "Part of trailing profit and revenue still counted a quarter on.",
       .default_value = "0.75",
       .minimum = 0,
       .maximum = 1,
       .exclusive_maximum = true},
  };
}

}  // namespace

std::vector<Field> behaviour_firm_fields() {
  std::vector<Field> fields;
  for (const auto& of_rule : {expectation_fields(), pricing_fields(), capacity_fields(),
                              research_fields(), presence_fields()}) {
    fields.insert(fields.end(), of_rule.begin(), of_rule.end());
  }
  return fields;
}

std::vector<Field> behaviour_product_fields() {
  return {
      {.key = "expected_growth",
       .type = Type::figure,
       .unit = "per quarter",
       .meaning = "Growth of its orders that a trend follower expects in quarter 0.",
       .default_value = "0",
       .minimum = -0.5,
       .maximum = 1},
      {.key = "build_lag",
       .type = Type::integer,
       .unit = "quarters",
       .meaning = "From the order of capacity to its use, beyond the next quarter. Planned growth "
                  "is dated already.",
       .default_value = "0",
       .minimum = 0,
       .maximum = 40},
      {.key = "entry_cost",
       .type = Type::figure,
       .unit = "USD bn",
       .meaning = "Paid once by an entrant in its first quarter; what entry by profit must earn.",
       .default_value = "0",
       .minimum = 0},
  };
}

Behaviour read_behaviour(const scenario::Entry& firm) {
  Behaviour behaviour;
  behaviour.expectations = expectation_rule(firm.text("expectations"));
  behaviour.expectation_gain = firm.number("expectation_gain");
  behaviour.switching_intensity = firm.number("switching_intensity");
  behaviour.switching_memory = firm.number("switching_memory");
  behaviour.pricing = pricing_rule(firm.text("pricing"));
  behaviour.price_adjustment = firm.number("price_adjustment");
  behaviour.markup_response = firm.number("markup_response");
  behaviour.capacity =
      firm.text("capacity") == "planned" ? CapacityRule::planned : CapacityRule::expected;
  behaviour.capacity_utilisation = firm.number("capacity_utilisation");
  behaviour.capacity_speed = firm.number("capacity_speed");
  behaviour.research =
      firm.text("research") == "none" ? ResearchRule::none : ResearchRule::innovation;
  behaviour.research_share = firm.number("research_share");
  behaviour.research_power = firm.number("research_power");
  behaviour.research_step = firm.number("research_step");
  behaviour.entry = firm.text("entry") == "dated" ? EntryRule::dated : EntryRule::profit;
  behaviour.entry_horizon = static_cast<int>(firm.integer("entry_horizon"));
  behaviour.exit = firm.text("exit") == "never" ? ExitRule::never : ExitRule::losses;
  behaviour.exit_threshold = firm.number("exit_threshold");
  behaviour.exit_patience = static_cast<int>(firm.integer("exit_patience"));
  behaviour.exit_memory = firm.number("exit_memory");
  return behaviour;
}

}  // namespace entente::simulation
