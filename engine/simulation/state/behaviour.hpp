#pragma once

namespace entente::simulation {

/// How a seller expects its orders.
enum class ExpectationRule { naive, adaptive, trend, switching };

/// How a seller sets posted prices.
enum class PricingRule { bertrand, adaptive, markup, share_markup };

/// How a maker decides on capacity.
enum class CapacityRule { planned, expected };

/// What a firm does about its products' quality.
enum class ResearchRule { none, innovation };

/// When a product that is not sold in quarter 0 comes to market.
enum class EntryRule { dated, profit };

/// When a product leaves it.
enum class ExitRule { never, losses };

/// How a firm acts, rule by rule. Every rule reads this quarter's state and writes the next one's.
struct Behaviour {
  ExpectationRule expectations = ExpectationRule::naive;
  double expectation_gain = 0.3;     // weight of the newest quarter, (0, 1]
  double switching_intensity = 0.1;  // per squared percent of error
  double switching_memory = 0.7;     // of past errors, [0, 1)
  PricingRule pricing = PricingRule::bertrand;
  double price_adjustment = 0.5;  // of the way to the price aimed at, a quarter
  double markup_response = 0.04;  // υ
  CapacityRule capacity = CapacityRule::planned;
  double capacity_utilisation = 0.9;  // aimed at
  double capacity_speed = 0.25;       // of the gap ordered a quarter
  ResearchRule research = ResearchRule::none;
  double research_share = 0.05;  // of last quarter's revenue
  double research_power = 1.0;   // ζ, per USD bn
  double research_step = 0.01;   // willingness to pay, fraction of price
  EntryRule entry = EntryRule::dated;
  int entry_horizon = 20;  // quarters of profit counted
  ExitRule exit = ExitRule::never;
  double exit_threshold = 0.1;  // of revenue
  int exit_patience = 4;        // quarters in a row
  double exit_memory = 0.75;    // of the past profit and revenue
};

}  // namespace entente::simulation
