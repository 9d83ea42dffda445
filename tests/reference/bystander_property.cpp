#include <fmt/format.h>
#include <functional>
#include <string_view>

#include "tests/reference/crn_properties.hpp"
#include "tests/reference/property.hpp"
#include "tests/reference/result_lines.hpp"
#include "tests/reference/workplace.hpp"

namespace entente::reference {

namespace {

// Firms before, between and after all others, two markets between them and a buyer: nothing of it
// meets the rest of the economy.
const std::string bystanders = R"(extends = "ms-ceo-summit-2024.toml"
[[firm]]
id = "aaa-bystander"
name = "First"
[[firm]]
id = "mmm-bystander"
name = "Middle, without a product"
[[firm]]
id = "zzz-bystander"
name = "Last"
[[market]]
id = "mmm-bystander-mats"
name = "Mats"
model = "appliances"
unit = "mats"
demand = "durable"
preferences = "given"
consumers = 3
price_sensitivity = 1.3
turnover = 0.1
[[product]]
id = "aaa-bystander-mat"
market = "mmm-bystander-mats"
firm = "aaa-bystander"
price = 4
unit_cost = { value = 2, mark = "D" }
[[product]]
id = "zzz-bystander-mat"
market = "mmm-bystander-mats"
firm = "zzz-bystander"
price = 3
unit_cost = 2
[[market]]
id = "aaa-bystander-ore"
name = "Ore"
model = "appliances"
unit = "t"
demand = "allocation"
revenue_usd_bn = 1
own_elasticity = { value = -3, mark = "D" }
[[product]]
id = "aaa-bystander-ore"
market = "aaa-bystander-ore"
firm = "zzz-bystander"
share = 60
price = 2
[[product]]
id = "zzz-bystander-ore"
market = "aaa-bystander-ore"
firm = "aaa-bystander"
share = 40
price = 2
[[account]]
id = "aaa-bystander"
market = "aaa-bystander-ore"
name = "Buyer of ore"
share = 100
)";

}  // namespace

std::string look_at_bystanders() {
  const Workplace place;
  place.folder().write("bystanders.toml", bystanders);
  for (const auto* representation : {&as_types, &as_counts, &as_agents}) {
    const auto base = place.run(summit, "base", {*representation});
    const auto with = place.run("bystanders.toml", "with", {*representation});
    const auto is_bystander = [](std::string_view line) {
      return line.find("bystander") != std::string_view::npos;
    };
    const auto added = keep_lines(with, is_bystander);
    for (const auto* table :
         {"products.csv", "markets.csv", "firms.csv", "accounts.csv", "summary.csv"}) {
      if (added.at(table).size() < 2) return fmt::format("{} has no row of them", table);
    }
    auto difference = first_difference(base, keep_lines(with, std::not_fn(is_bystander)));
    if (!difference.empty()) return difference;
  }
  return holds;
}

}  // namespace entente::reference
