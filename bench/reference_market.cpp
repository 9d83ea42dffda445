#include "bench/reference_market.hpp"

#include <cmath>
#include <fmt/format.h>
#include <stdexcept>

#include "engine/scenario/reader.hpp"
#include "engine/simulation/simulate.hpp"
#include "models/all.hpp"
#include "tests/temporary_folder.hpp"

namespace entente::bench {

namespace {

constexpr double network = 0.3;
constexpr double network_floor = 1e-4;  // the engine's own
constexpr double price_spread = 0.5;

}  // namespace

double reference_quality(int product, int products) {
  return 0.5 + 1.5 * product / (products - 1);
}

double reference_cost(int product, int products) {
  return 0.3 + 0.3 * reference_quality(product, products);
}

double reference_sensitivity() {
  return std::exp(0.5 * price_spread * price_spread);
}

std::string reference_market_text(const ReferenceMarket& market) {
  std::string text = fmt::format(R"(title = "Reference market"
[run]
quarters = {}
replications = 1
seed = {}
[population]
representation = "{}"
agents = {}
[[market]]
id = "reference"
name = "Reference"
model = "telecom"
demand = "subscription"
unit = "consumers"
preferences = "given"
consumers = {}
turnover = 0.2
price_term = "linear"
price_sensitivity = {}
taste_types = {}
taste_spread = {}
inertia = 1
network = {}
network_of = "consumers"
[[taste]]
id = "quality"
market = "reference"
spread = 1
types = {}
)",
                                 market.quarters, market.seed, market.representation,
                                 market.consumers, market.consumers, reference_sensitivity(),
                                 market.price_types, price_spread, network, market.taste_types);
  // The engine counts the network from quarter 0 on, the reference market from none.
  const double start = network * std::log(1.0 / market.products + network_floor);
  for (int j = 0; j < market.products; ++j) {
    const double cost = reference_cost(j, market.products);
    text += fmt::format(R"([[firm]]
id = "firm-{0:03}"
name = "Firm {0}"
pricing = "share_markup"
price_adjustment = 0.5
[[product]]
id = "product-{0:03}"
market = "reference"
firm = "firm-{0:03}"
price = {1}
unit_cost = {2}
mean_utility = {3}
characteristics = [{{ taste = "quality", value = {4} }}]
)",
                        j, cost + 1.0, cost, start, reference_quality(j, market.products));
  }
  return text + market.more;
}

simulation::World build_reference_market(const ReferenceMarket& market) {
  const test::TemporaryFolder folder;
  folder.write("reference-market.toml", reference_market_text(market));
  const auto models = models::all();
  const auto read = scenario::read_scenario((folder.path() / "reference-market.toml").string(),
                                            simulation::full_schema(models), {.sets = market.sets});
  if (!read.scenario) throw std::runtime_error(to_text(read.faults.at(0)));
  auto built = simulation::build_world(*read.scenario, models);
  if (!built.world) throw std::runtime_error(to_text(built.faults.at(0)));
  return *std::move(built.world);
}

}  // namespace entente::bench
