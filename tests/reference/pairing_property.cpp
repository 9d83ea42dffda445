#include <cmath>
#include <fmt/format.h>
#include <nlohmann/json.hpp>
#include <stdexcept>

#include "tests/reference/crn_properties.hpp"
#include "tests/reference/property.hpp"
#include "tests/reference/workplace.hpp"

namespace entente::reference {

namespace {

using nlohmann::json;

// A market without chance, and a deal in it that forms in one of two histories.
const std::string still_market = R"(title = "A market without chance"
[run]
start = "2024Q1"
quarters = 4
replications = 16
seed = 5
[[firm]]
id = "maker"
name = "Maker"
[[firm]]
id = "partner"
name = "Partner"
[[market]]
id = "lamps"
name = "Lamps"
model = "appliances"
unit = "lamps"
demand = "durable"
preferences = "given"
consumers = 1
price_sensitivity = 2
[[product]]
id = "lamp"
market = "lamps"
firm = "maker"
price = 2
unit_cost = 1
)";

const std::string lottery = R"(extends = "still.toml"
[[partnership]]
id = "deal"
parties = ["maker", "partner"]
kind = "supply"
start = "2024Q2"
probability = 0.5
dissolution = 0
effect = [{ type = "cost", product = "lamp", change = -0.2 }]
)";

/// What a comparison says of pairing.
struct Pairing {
  double printed = 0.0;  // the factor on the screen
  bool warned = false;
  double factor = 0.0;  // in the JSON
  bool helps = false;
};

Pairing compare(const Workplace& place, const Words& names, const Words& more) {
  Words words = {"compare", "-o", "compared"};
  words.insert(words.end(), names.begin(), names.end());
  words.insert(words.end(), more.begin(), more.end());
  Pairing seen;
  const auto screen = place.call(words).err;
  const std::string before = "pairing divides the variance by ";
  const auto found = screen.find(before);
  if (found == std::string::npos) throw std::runtime_error("no factor is printed: " + screen);
  seen.printed = std::stod(screen.substr(found + before.size()));
  seen.warned = screen.find("warning: pairing does not help") != std::string::npos;
  words.insert(words.end(), {"--quiet", "--json"});
  const auto quiet = place.call(words);
  if (!quiet.err.empty()) throw std::runtime_error("--quiet says: " + quiet.err);
  const json said = json::parse(quiet.out).at("comparisons").at(0);
  seen.factor = said.at("median_variance_reduction");
  seen.helps = said.at("pairing_helps");
  return seen;
}

}  // namespace

std::string look_at_variance_reduction() {
  const Workplace place;
  place.folder().write("still.toml", still_market);
  place.folder().write("lottery.toml", lottery);
  const auto shipped = compare(place, {test::shipped("baseline.toml"), test::shipped("gtaa.toml")},
                               {"--set", "run.quarters=6", "--replications", "8"});
  // The base does not vary at all, and so the difference does as much as the other.
  const auto of_luck = compare(place, {"still.toml", "lottery.toml"}, {});
  const auto describe = [](const Pairing& seen) {
    return fmt::format("factor {}, printed as {}, {}warned of, {}", seen.factor, seen.printed,
                       seen.warned ? "" : "not ", seen.helps ? "helps" : "does not help");
  };
  const auto agrees = [](const Pairing& seen) {
    return std::abs(seen.printed - seen.factor) <= 5e-3 * seen.factor;
  };
  if (!agrees(shipped) || !(shipped.factor > 1.2) || shipped.warned || !shipped.helps)
    return describe(shipped);
  if (!agrees(of_luck) || std::abs(of_luck.factor - 1.0) > 1e-9 || !of_luck.warned || of_luck.helps)
    return describe(of_luck);
  return holds;
}

}  // namespace entente::reference
