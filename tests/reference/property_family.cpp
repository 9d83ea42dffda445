#include <algorithm>
#include <array>

#include "tests/reference/crn_properties.hpp"
#include "tests/reference/design_properties.hpp"
#include "tests/reference/families.hpp"
#include "tests/reference/property.hpp"

namespace entente::reference {

namespace {

using nlohmann::json;

constexpr std::string_view crn = "crn-properties";
constexpr std::string_view design = "design-lhs-invariants";

constexpr std::array properties = {
    Property{crn,
             "scenario B = scenario A => every output byte equal, difference exactly 0 in every "
             "replication",
             [](const json&) { return look_at_equal_scenarios(); }},
    Property{crn,
             "adding a firm or an agent that interacts with nobody leaves every other series "
             "bit-identical",
             [](const json&) { return look_at_bystanders(); }},
    Property{crn, "removing a partnership before its start date changes no output before that date",
             [](const json&) { return look_at_removed_partnerships(); }},
    Property{crn, "reordering tables in the TOML changes nothing",
             [](const json&) { return look_at_reordered_tables(); }},
    Property{crn, "replication k alone (--replication k) equals replication k within a batch",
             [](const json&) { return look_at_lone_replications(); }},
    Property{crn, "1 thread = N threads = shards merged = interrupted and resumed, byte for byte",
             [](const json&) { return look_at_ways_to_run(); }},
    Property{crn,
             "the variance reduction factor is printed; a factor < 1.2 raises a warning that "
             "pairing does not help",
             [](const json&) { return look_at_variance_reduction(); }},
    Property{design, "for every column, floor(n*x) is a permutation of 0..n-1",
             [](const json& of) { return look_at_cells(read_design_size(of)); }},
    Property{design,
             "with criterion=maximin the minimum pairwise distance is >= that of the median of 100 "
             "plain LHS with other seeds",
             [](const json& of) { return look_at_distances(read_design_size(of)); }},
    Property{design, "same seed => same bytes",
             [](const json& of) { return look_at_seeds(read_design_size(of)); }},
    Property{design, "nested/extended LHS of 2n keeps the first n points and is again Latin",
             [](const json& of) { return look_at_extension(read_design_size(of)); }},
};

std::string look_at(const json& id, const json& statement, const json& of) {
  const auto found = std::ranges::find_if(properties, [&](const Property& property) {
    return id == property.id && statement == property.statement;
  });
  return found == properties.end() ? "no test of this statement" : found->look(of);
}

}  // namespace

std::span<const Property> all_properties() {
  return properties;
}

Answer solve_properties(const json& inputs) {
  Answer answer;
  for (const json& of : inputs.at("of")) {
    json seen = json::object();
    for (const json& statement : inputs.at("statements"))
      seen[statement.get<std::string>()] = look_at(inputs.at("id"), statement, of);
    answer.outputs.push_back(std::move(seen));
  }
  return answer;
}

}  // namespace entente::reference
