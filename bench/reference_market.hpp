#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "engine/simulation/state/world.hpp"

namespace entente::bench {

/// The market that population engines are compared by: J one-product firms, whose quality consumers
/// weigh by N(0, 1) and whose price by exp(N(0, 1/4)); a bonus of 1 for the product one has, a
/// network of 0.3 per log point of its base among all consumers, a fifth active each quarter, who
/// may give up; prices go half the way to the logit markup of last quarter's choices.
struct ReferenceMarket {
  int products = 20;
  std::uint64_t consumers = 1'000'000;
  std::string representation = "agents";
  int quarters = 40;
  std::uint32_t seed = 1;
  int price_types = 5;    // of price sensitivity; their mean is that of all consumers to 3e-8
  int taste_types = 1;    // of quality; agents draw their own weights
  std::string more = {};  // TOML behind its own
  std::vector<std::string> sets = {};  // assignments of keys, as of --set
};

/// Quality of product j, cost of a unit of it, and the mean price sensitivity of consumers.
double reference_quality(int product, int products);
double reference_cost(int product, int products);
double reference_sensitivity();

/// The scenario as a user would write it.
std::string reference_market_text(const ReferenceMarket& market);

/// Quarter 0 of that scenario, read and built as `entente run` does. Throws with the faults.
simulation::World build_reference_market(const ReferenceMarket& market);

}  // namespace entente::bench
